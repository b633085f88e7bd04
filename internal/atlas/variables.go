package atlas

// The environment variables from which clients read credentials.
const (
	PublicKeyVariable    = "MONGODB_ATLAS_PUBLIC_API_KEY"
	PrivateKeyVariable   = "MONGODB_ATLAS_PRIVATE_API_KEY"
	ClientIDVariable     = "MONGODB_ATLAS_CLIENT_ID"
	ClientSecretVariable = "MONGODB_ATLAS_CLIENT_SECRET"
)

// BaseURLVariable is the environment variable for the URL of Atlas.
const BaseURLVariable = "MONGODB_ATLAS_BASE_URL"
