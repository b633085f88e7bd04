package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

func (a *API) getStubs(*http.Request) (int, any, error) {
	return http.StatusOK, maskedStubs(a.s.Stubs().All()), nil
}

// maskedStubs returns the document of a list, without secrets.
func maskedStubs(list []stubs.Stub) wire.Object {
	masked := []json.Marshaler{}
	for _, stub := range list {
		masked = append(masked, stub.Masked())
	}
	return wire.Object{wire.Field("stubs", masked)}
}

func (a *API) putStubs(r *http.Request) (int, any, error) {
	data, err := readAll(r, stubs.MaxList)
	if err != nil {
		return 0, nil, err
	}
	sent, err := stubs.ParseList(data)
	if err != nil {
		return 0, nil, stubError("/stubs", err)
	}
	set, err := a.s.Stubs().Set(sent...)
	return http.StatusOK, maskedStubs(set), stubError("/stubs", err)
}

func (a *API) postStub(r *http.Request) (int, any, error) {
	data, err := readAll(r, stubs.MaxDocument)
	if err != nil {
		return 0, nil, err
	}
	sent, err := stubs.Parse(data)
	if err != nil {
		return 0, nil, stubError("", err)
	}
	added, err := a.s.Stubs().Add(sent)
	if err != nil {
		return 0, nil, stubError("", err)
	}
	return http.StatusCreated, added[0].Masked(), nil
}

// stubError returns the rejection of a stub. List is the pointer of the list that it is in.
func stubError(list string, err error) error {
	var rejected *stubs.Error
	if !errors.As(err, &rejected) {
		return err
	}
	if list != "" && rejected.Index >= 0 {
		list += "/" + strconv.Itoa(rejected.Index)
	} else {
		list = ""
	}
	return &Error{Status: http.StatusBadRequest, Message: rejected.Text(list), Hint: rejected.Hint}
}

func (a *API) deleteStubs(*http.Request) (int, any, error) {
	a.s.Stubs().Clear()
	return http.StatusNoContent, nil, nil
}

func (a *API) deleteStub(r *http.Request) (int, any, error) {
	if !a.s.Stubs().Remove(r.PathValue("id")) {
		return 0, nil, newError(http.StatusNotFound, "no stub has this ID", "GET "+Prefix+"stubs lists them")
	}
	return http.StatusNoContent, nil, nil
}
