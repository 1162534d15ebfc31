"""Numbers that came as words: the text of a WeChat group (微信群接龙), read line by line and matched to points."""
