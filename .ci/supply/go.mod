// What is checked of others' modules. A module of its own, so that the product needs none of the tools.
module github.com/atlasint/atlasint/.ci/supply

go 1.26.0

require github.com/google/licenseclassifier/v2 v2.0.0

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/sergi/go-diff v1.1.0 // indirect
)
