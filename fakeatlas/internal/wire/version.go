package wire

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
)

const (
	vendorPrefix  = "application/vnd.atlas" // also of media types with an error after it
	versionPrefix = vendorPrefix + "."
	versionSuffix = "+json"
)

// FirstVersion is the date of the only version of these endpoints; later dates select it as well.
var FirstVersion = strings.TrimSuffix(strings.TrimPrefix(schemas.MediaTypeV2, versionPrefix), versionSuffix)

// CheckAccept returns the rejection of a request to v2 whose Accept has no dated media type, nil for all others. With
// lenient, it rejects only those whose Accept has a media type of Atlas: it has a wrong date.
func CheckAccept(r *http.Request, lenient bool) *Error {
	if APIVersionOf(r.URL.Path) != schemas.V2 {
		return nil
	}
	ofAtlas := false
	for _, value := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(value, ",") {
			media, _, err := mime.ParseMediaType(part)
			if err == nil && isDated(media) {
				return nil
			}
			ofAtlas = ofAtlas || strings.HasPrefix(strings.ToLower(strings.TrimSpace(part)), vendorPrefix)
		}
	}
	if lenient && !ofAtlas {
		return nil
	}
	return NewError("INVALID_VERSION_DATE")
}

// Version returns the version that responds to a request: the newest of the versions of an endpoint that is not later
// than the date in Accept. It returns the rejection of a date before all of them, and the oldest one if there is no
// date. The versions are dates, the newest first.
func Version(r *http.Request, versions ...string) (string, *Error) {
	found := false
	for _, value := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(value, ",") {
			media, _, err := mime.ParseMediaType(part)
			if err != nil || !isDated(media) {
				continue
			}
			found = true
			date := strings.TrimSuffix(strings.TrimPrefix(media, versionPrefix), versionSuffix)
			for _, version := range versions {
				if version <= date {
					return version, nil
				}
			}
		}
	}
	if found {
		return "", NewError("INVALID_VERSION_DATE")
	}
	return versions[len(versions)-1], nil
}

// DatedMediaType returns the media type of responses of a version of v2.
func DatedMediaType(version string) string {
	return versionPrefix + version + versionSuffix + ";charset=utf-8"
}

// isDated reports whether a media type has a date that is not before the first version.
func isDated(media string) bool {
	date, dated := strings.CutPrefix(media, versionPrefix)
	date, isJSON := strings.CutSuffix(date, versionSuffix)
	_, err := time.Parse(time.DateOnly, date)
	return dated && isJSON && err == nil && date >= FirstVersion
}

// IsEncoded reports whether the body of a request has a Content-Encoding, such as gzip, in any line of that header.
func IsEncoded(r *http.Request) bool {
	for _, value := range r.Header.Values("Content-Encoding") {
		for coding := range strings.SplitSeq(value, ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
				return true
			}
		}
	}
	return false
}

// checkContentType rejects bodies that are compressed, or have a media type other than JSON. A body without a media
// type is accepted.
func checkContentType(r *http.Request) *Error {
	if IsEncoded(r) {
		e := NewError("UNSUPPORTED_MEDIA_TYPE")
		return e.WithDetail(e.Detail + " " + NotServed + "requests with a Content-Encoding: send the body without compression.")
	}
	media, ok := ContentType(r)
	if ok && (media == "" || media == schemas.MediaTypeV1 || APIVersionOf(r.URL.Path) == schemas.V2 && isDated(media)) {
		return nil
	}
	return NewError("UNSUPPORTED_MEDIA_TYPE")
}

// MediaType returns the media type of responses.
func MediaType(apiVersion string) string {
	if apiVersion == schemas.V1 {
		return schemas.MediaTypeV1
	}
	return schemas.MediaTypeV2 + ";charset=utf-8"
}
