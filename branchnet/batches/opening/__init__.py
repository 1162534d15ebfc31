"""Starting mid-life (期初): a library brings the ledger of years before as one workbook, signs its sums, and begins.

`headings` says what the workbook is, `reading` reads it row by row, `judging` asks what the books know already,
`writing` opens points, takes books in and sends the deliveries that are still out: all of it or nothing.
"""
