"""Taking in what other tools know: readers turn a file into records, the pipeline merges them into the CMDB."""
