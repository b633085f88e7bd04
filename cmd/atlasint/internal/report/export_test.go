package report

// Names for the tests.
var (
	JSON     = writeJSON
	Markdown = writeMarkdown
)
