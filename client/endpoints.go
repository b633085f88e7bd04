package client

import (
	"io"
	"net/http"

	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
)

// endpoints has the requests of one API version.
type endpoints struct {
	media          string // the media type of requests and responses
	list           func(base, project string, page int) (*http.Request, error)
	get, delete    func(base, project, typ string) (*http.Request, error)
	create, update sendFunc
}

type sendFunc func(base, project, typ, media string, body io.Reader) (*http.Request, error)

// perPage is the number of integrations to request on one page, the maximum that Atlas allows.
var perPage = 500

var endpointsByVersion = map[string]endpoints{
	schemas.V2: {
		media: schemas.MediaTypeV2,
		list: func(base, project string, page int) (*http.Request, error) {
			return atlasv2.NewListIntegrationsRequest(base, project, &atlasv2.ListIntegrationsParams{PageNum: &page, ItemsPerPage: &perPage})
		},
		get: func(base, project, typ string) (*http.Request, error) {
			return atlasv2.NewGetIntegrationRequest(base, project, atlasv2.IntegrationType(typ), nil)
		},
		create: func(base, project, typ, media string, body io.Reader) (*http.Request, error) {
			return atlasv2.NewCreateIntegrationRequestWithBody(base, project, atlasv2.IntegrationType(typ), nil, media, body)
		},
		update: func(base, project, typ, media string, body io.Reader) (*http.Request, error) {
			return atlasv2.NewUpdateIntegrationRequestWithBody(base, project, atlasv2.IntegrationType(typ), nil, media, body)
		},
		delete: func(base, project, typ string) (*http.Request, error) {
			return atlasv2.NewDeleteIntegrationRequest(base, project, atlasv2.IntegrationType(typ), nil)
		},
	},
	schemas.V1: {
		media: schemas.MediaTypeV1,
		list: func(base, project string, page int) (*http.Request, error) {
			return atlasv1.NewListIntegrationsRequest(base, project, &atlasv1.ListIntegrationsParams{PageNum: &page, ItemsPerPage: &perPage})
		},
		get: func(base, project, typ string) (*http.Request, error) {
			return atlasv1.NewGetIntegrationRequest(base, project, atlasv1.IntegrationType(typ), nil)
		},
		create: func(base, project, typ, media string, body io.Reader) (*http.Request, error) {
			return atlasv1.NewCreateIntegrationRequestWithBody(base, project, atlasv1.IntegrationType(typ), nil, media, body)
		},
		update: func(base, project, typ, media string, body io.Reader) (*http.Request, error) {
			return atlasv1.NewUpdateIntegrationRequestWithBody(base, project, atlasv1.IntegrationType(typ), nil, media, body)
		},
		delete: func(base, project, typ string) (*http.Request, error) {
			return atlasv1.NewDeleteIntegrationRequest(base, project, atlasv1.IntegrationType(typ), nil)
		},
	},
}
