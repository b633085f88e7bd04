// Package record is the form in which the stores that outlast the process write their data: a checksum over the place
// and the content, then the content. A record that was damaged, or moved to another place, does not open.
package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Format is the format that this version reads and writes. It covers the records and how a store arranges them: a
// change to either takes the next number. Format 1 had no checksums, format 2 had no projects, format 3 had no alert
// configurations.
const Format = "4"

// MaxDeleted is the number of deleted projects that a store remembers.
const MaxDeleted = 10_000

// ErrDamaged is the error of [Open] and [Decode].
var ErrDamaged = errors.New("the checksum does not match")

// sumSize is the number of hexadecimal digits before the content.
const sumSize = 8

// castagnoli is built on first use: only one subcommand of the command needs it.
var castagnoli = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })

func sum(place, content string) string {
	table := castagnoli()
	sum := crc32.Update(crc32.Checksum([]byte(place), table), table, []byte("\x00"+content))
	return fmt.Sprintf("%0*x", sumSize, sum)
}

// Seal returns the record of a content at a place, the name under which the store keeps it.
func Seal(place, content string) string { return sum(place, content) + content }

// Open returns the content of a record at a place. The error is [ErrDamaged].
func Open(place, record string) (content string, err error) {
	if len(record) < sumSize || record[:sumSize] != sum(place, record[sumSize:]) {
		return "", ErrDamaged
	}
	return record[sumSize:], nil
}

// Encode returns the record of an integration. The error is a [*store.Failure].
func Encode(project string, in store.Integration) (string, error) {
	content, err := json.Marshal(in)
	if err != nil {
		return "", &store.Failure{Text: "can't store the integration: it has no form in JSON", Cause: err}
	}
	return Seal(place(project, in.Type), string(content)), nil
}

// Decode returns the integration of a record. The error is [ErrDamaged].
func Decode(project, typ, record string) (in store.Integration, err error) {
	content, err := Open(place(project, typ), record)
	if err != nil {
		return store.Integration{}, err
	}
	if err := json.Unmarshal([]byte(content), &in); err != nil || in.Type != typ {
		return store.Integration{}, ErrDamaged
	}
	return in, nil
}

// EncodeProject returns the record of a project. The error is a [*store.Failure].
func EncodeProject(p store.Project) (string, error) {
	content, err := json.Marshal(p)
	if err != nil {
		return "", &store.Failure{Text: "can't store the project: it has no form in JSON", Cause: err}
	}
	return Seal(projectPlace(p.ID), string(content)), nil
}

// DecodeProject returns the project of a record.
func DecodeProject(id, record string) (p store.Project, err error) {
	content, err := Open(projectPlace(id), record)
	if err != nil {
		return store.Project{}, err
	}
	if err := json.Unmarshal([]byte(content), &p); err != nil || p.ID != id {
		return store.Project{}, ErrDamaged
	}
	return p, nil
}

// EncodeAlerts returns the record of the alert configurations of a project. The error is a [*store.Failure].
func EncodeAlerts(project string, list []store.Alert) (string, error) {
	content, err := json.Marshal(list)
	if err != nil {
		return "", &store.Failure{Text: "can't store the alert configurations: they have no form in JSON", Cause: err}
	}
	return Seal(alertsPlace(project), string(content)), nil
}

// DecodeAlerts returns the alert configurations of a record.
func DecodeAlerts(project, record string) (list []store.Alert, err error) {
	content, err := Open(alertsPlace(project), record)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(content), &list); err != nil {
		return nil, ErrDamaged
	}
	return list, nil
}

func alertsPlace(project string) string { return "alerts\x00" + project }

// AlertsPlace names the record of alert configurations for a message.
func AlertsPlace(project string) string {
	return "the alert configurations of " + ProjectPlace(project)
}

func projectPlace(id string) string { return "project\x00" + id }

// ProjectPlace names the record of a project for a message. An ID that this module did not write is left out.
func ProjectPlace(id string) string {
	if !isPlain(id) {
		return "a project"
	}
	return "project " + id
}

func place(project, typ string) string { return project + "\x00" + typ }

// Place names the record of an integration for a message. A name that this module did not write is left out.
func Place(project, typ string) string {
	if !isPlain(project) || !isPlain(typ) {
		return "an integration"
	}
	return typ + " in project " + project
}

// isPlain reports whether s has the form of a type or of a project ID.
func isPlain(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	return s != "" && len(s) <= 40 && strings.Trim(s, letters) == ""
}

// Mismatch describes the format of a store that this version can't use, for a message.
func Mismatch(format string) string {
	if n, err := strconv.ParseUint(format, 10, 16); err == nil {
		return fmt.Sprintf("has format %d, and this version of atlasint uses format %s", n, Format)
	}
	return "has an unknown format, and this version of atlasint uses format " + Format
}
