// Tests that point clients people use at the fake, unmodified. A module of its own, so that the product
// needs none of them.
module github.com/atlasint/atlasint/.ci/clients

go 1.26.0

replace github.com/atlasint/atlasint => ../..

require (
	github.com/atlasint/atlasint v0.0.0-00010101000000-000000000000
	github.com/google/go-cmp v0.7.0
	github.com/icholy/digest v1.2.0
	github.com/mongodb-forks/digest v1.1.0
	github.com/prometheus/client_model v0.6.3
	github.com/prometheus/common v0.72.0
	go.mongodb.org/atlas v0.38.0
	go.mongodb.org/atlas-sdk/v20241113005 v20241113005.0.0
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/oauth2 v0.37.0
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/go-querystring v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/oapi-codegen/runtime v1.8.0 // indirect
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
