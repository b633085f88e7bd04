package control

import (
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

func (c *API) getStubs(*http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("stubs", c.s.Stubs())}, nil
}

func (c *API) putStubs(r *http.Request) (int, any, error) {
	data, err := readAll(r, stubs.MaxList)
	if err != nil {
		return 0, nil, err
	}
	set, err := c.s.SetStubs(data)
	return http.StatusOK, wire.Object{wire.Field("stubs", set)}, err
}

func (c *API) postStub(r *http.Request) (int, any, error) {
	data, err := readAll(r, stubs.MaxDocument)
	if err != nil {
		return 0, nil, err
	}
	added, err := c.s.AddStub(data)
	return http.StatusCreated, added, err
}

func (c *API) deleteStubs(*http.Request) (int, any, error) {
	c.s.ClearStubs()
	return http.StatusNoContent, nil, nil
}

func (c *API) deleteStub(r *http.Request) (int, any, error) {
	if !c.s.RemoveStub(r.PathValue("id")) {
		return 0, nil, &Error{http.StatusNotFound, "no stub has this id", "GET " + Prefix + "stubs lists them"}
	}
	return http.StatusNoContent, nil, nil
}
