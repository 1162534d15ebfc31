"""BranchNet: a children's library's network beyond its own walls."""
