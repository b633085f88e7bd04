package fakeatlas

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
)

const (
	versionPrefix = "application/vnd.atlas."
	versionSuffix = "+json"
)

// version is the only version of these endpoints; later dates mean it too.
var version = strings.TrimSuffix(strings.TrimPrefix(schemas.MediaTypeV2, versionPrefix), versionSuffix)

// negotiate returns the refusal of a request to v2 whose Accept has no dated media type, nil for all others.
func negotiate(r *http.Request) *apiError {
	if generationOf(r.URL.Path) == schemas.V1 {
		return nil
	}
	for _, value := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(value, ",") {
			media, _, err := mime.ParseMediaType(part)
			if err == nil && acceptable(media) {
				return nil
			}
		}
	}
	return refuse("INVALID_VERSION_DATE")
}

// acceptable tells the dated media types with a date that is not before the first version.
func acceptable(media string) bool {
	date, dated := strings.CutPrefix(media, versionPrefix)
	date, isJSON := strings.CutSuffix(date, versionSuffix)
	_, err := time.Parse(time.DateOnly, date)
	return dated && isJSON && err == nil && date >= version
}

// checkContentType refuses bodies that are not JSON by their own account. None stated counts as JSON.
func checkContentType(r *http.Request) *apiError {
	value := r.Header.Get("Content-Type")
	if value == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(value)
	if err == nil && (media == schemas.MediaTypeV1 || generationOf(r.URL.Path) == schemas.V2 && acceptable(media)) {
		return nil
	}
	return refuse("UNSUPPORTED_MEDIA_TYPE")
}

func mediaType(generation string) string {
	if generation == schemas.V1 {
		return schemas.MediaTypeV1
	}
	return schemas.MediaTypeV2 + ";charset=utf-8"
}
