// Package downstream names the libraries that generated code imports, for go mod tidy. The script run creates the
// packages to build in folders next to this one, in a copy.
package downstream

import (
	_ "github.com/gin-gonic/gin"
	_ "github.com/go-chi/chi/v5"
	_ "github.com/gofiber/fiber/v2"
	_ "github.com/gorilla/mux"
	_ "github.com/labstack/echo/v4"
	_ "github.com/oapi-codegen/runtime"
	_ "github.com/oapi-codegen/runtime/strictmiddleware/echo"
	_ "github.com/oapi-codegen/runtime/strictmiddleware/gin"
	_ "github.com/oapi-codegen/runtime/strictmiddleware/nethttp"
)
