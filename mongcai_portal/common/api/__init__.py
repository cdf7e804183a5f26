"""What every resource of the REST API shares: problems, paging, filters, `as_of`, the base of its views."""
