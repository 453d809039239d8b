// Package qrhttp serves the links of short QR codes: it looks a code up and sends
// whoever scanned it to its target.
//
// Mount the handler where qrcode.Options.Short points to:
//
//	p, err := superapp.New(store, &superapp.Options{QRCodes: &qrcode.Options{Short: "https://w.example/q/"}})
//	...
//	mux.Handle("/q/", qrhttp.New(p.QRCodes, nil))
//
// The last segment of the path is the short id; what stands before it is for the
// host, as is the limit on how often one address may ask. Short ids cannot be
// guessed, but nobody should be let try without end.
//
// # Answers
//
//	302  the code leads to the address in Location
//	404  there is no such code
//	405  the method is neither GET nor HEAD
//	410  the code was revoked, has expired or was removed, or its workspace is disabled
//	500  the service's scheme makes no link of the target
//	503  the store does not answer; Retry-After says when to ask again
//
// None may be kept: a code can have another target a second later. GET counts a
// scan, HEAD does not: previews of links and those who check mails ask so.
//
// Location is what the service's scheme makes of the stored target. Nothing of the
// request but the short id is used, its query and headers least of all, so that no
// link leads anywhere else.
package qrhttp

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/qrcode"
)

// Options configure a handler. A nil *Options is the default.
type Options struct {
	// Logger gets the errors of the store and the scheme, at level error. Default:
	// they are not logged.
	Logger *slog.Logger
	// Failed draws the host's own page for every answer but 302: it writes the status
	// and the body. The headers are set by then, the type of the content is its own to
	// set. The error tells what is wrong, for a choice between texts (errors.Is with
	// qrcode.ErrRevoked, say) and not for the eyes of strangers; it is nil for 405.
	// Default: a line of English text.
	Failed func(w http.ResponseWriter, r *http.Request, status int, err error)
}

// retryAfter is when to ask again while the store does not answer.
const retryAfter = 5 * time.Second

// New returns the handler that serves the short codes of a service. It is safe for
// concurrent use. Scans reach the store by the service's FlushScans or Run.
func New(codes *qrcode.Service, o *Options) http.Handler {
	h := &handler{codes: codes}
	if o != nil {
		h.Options = *o
	}
	if h.Logger == nil {
		h.Logger = slog.New(slog.DiscardHandler)
	}
	if h.Failed == nil {
		h.Failed = plain
	}
	return h
}

type handler struct {
	Options
	codes *qrcode.Service
}

// ServeHTTP answers a scan.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Robots-Tag", "noindex")
	look := h.codes.Resolve
	switch r.Method {
	case http.MethodGet:
	case http.MethodHead:
		look = h.codes.Peek
	default:
		header.Set("Allow", "GET, HEAD")
		h.Failed(w, r, http.StatusMethodNotAllowed, nil)
		return
	}
	found, err := look(r.Context(), short(r))
	if err != nil {
		status := statusOf(err)
		if status >= http.StatusInternalServerError && r.Context().Err() == nil { // else whoever asked has left
			h.Logger.ErrorContext(r.Context(), "a short code was not resolved", "error", err)
		}
		if status == http.StatusServiceUnavailable {
			header.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
		}
		h.Failed(w, r, status, err)
		return
	}
	header.Set("Location", found.Link)
	w.WriteHeader(http.StatusFound)
}

// short returns the last segment of the path as it came. Why not decoded: no
// character of a short id needs escapes, and an encoded slash is none that divides.
func short(r *http.Request) string {
	path := r.URL.EscapedPath()
	return path[strings.LastIndexByte(path, '/')+1:]
}

// statusOf returns the status that tells about an error.
func statusOf(err error) int {
	switch {
	case errors.Is(err, qrcode.ErrShortNotFound):
		return http.StatusNotFound
	case errors.Is(err, qrcode.ErrRevoked), errors.Is(err, qrcode.ErrExpired),
		errors.Is(err, qrcode.ErrGone), errors.Is(err, qrcode.ErrOffline):
		return http.StatusGone
	case errors.Is(err, qrcode.ErrNoLink):
		return http.StatusInternalServerError
	}
	return http.StatusServiceUnavailable
}

var texts = map[int]string{
	http.StatusNotFound:            "There is no such code.",
	http.StatusMethodNotAllowed:    "This address is for scanning only.",
	http.StatusGone:                "This code is not valid any more.",
	http.StatusInternalServerError: "This code cannot be opened.",
	http.StatusServiceUnavailable:  "Please try again in a moment.",
}

// plain answers with a line of text.
func plain(w http.ResponseWriter, _ *http.Request, status int, _ error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, texts[status]+"\n")
}
