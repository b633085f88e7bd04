package editor

// Names for the tests.
var (
	Files     = schemaFiles
	IsOwn     = isOwn
	Reference = reference
)
