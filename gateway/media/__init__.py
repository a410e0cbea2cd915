"""Files: kept by their content, recognised by their content, given out by signed links, fetched after the message."""
