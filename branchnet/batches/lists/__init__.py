"""Lists from files (清单文件): read as a dry run, then into the books or into a batch, all good rows or nothing."""
