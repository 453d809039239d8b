package qrhttp_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/qrhttp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// A desk is a platform with a short code and its admin.
type desk struct {
	*superapptest.Kit
	by   rbac.Actor
	code qrcode.Code
	// link is what the code leads to.
	link string
}

// link makes every link the same.
type link string

func (l link) Link(qrcode.Target) (string, error) { return string(l), nil }

func newDesk(t testing.TB, scheme qrcode.Scheme) *desk {
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{
		QRCodes: &qrcode.Options{Scheme: scheme, Short: "https://w.example/q/"},
	}})
	d := &desk{Kit: k, by: k.As(rbac.DeveloperAdmin)}
	var err error
	d.code, err = k.QRCodes.Define(t.Context(), d.by, qrcode.Define{
		MiniProgram: k.Shop, Name: "Table 7", Page: "pages/menu", Params: []qrcode.Param{{Key: "to", Value: "//evil.example/"}}, Short: true,
	})
	require.NoError(t, err)
	found, err := k.QRCodes.Peek(t.Context(), d.code.Short)
	require.NoError(t, err)
	d.link = found.Link
	return d
}

// scans returns the count, all of it stored.
func (d *desk) scans(t testing.TB) int64 {
	require.NoError(t, d.QRCodes.FlushScans(t.Context()))
	n, err := d.QRCodes.Scans(t.Context(), d.by, d.code.ID)
	require.NoError(t, err)
	return n
}

// ask asks a handler; the target is the request line's, byte by byte.
func ask(h http.Handler, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w
}

// requireHeaders asserts what every answer has.
func requireHeaders(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	for key, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff",
	} {
		require.Equal(t, want, w.Header().Get(key))
	}
	require.Equal(t, w.Code == http.StatusFound, w.Header().Get("Location") != "")
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	for _, scheme := range []qrcode.Scheme{qrcode.AlipayStyle(""), qrcode.HTTPS("https://wallet.example/open")} {
		d := newDesk(t, scheme)
		h := qrhttp.New(d.QRCodes, nil)
		mux := http.NewServeMux()
		mux.Handle("/q/", h)
		mux.Handle("GET /s/{short}", h)
		mux.Handle("/strip/", http.StripPrefix("/strip", h))
		for _, path := range []string{"/q/", "/s/", "/strip/"} {
			for _, short := range []string{d.code.Short, strings.ToLower(d.code.Short)} {
				w := ask(mux, http.MethodGet, path+short)
				require.Equal(t, http.StatusFound, w.Code, path)
				require.Equal(t, []string{d.link}, w.Header()["Location"])
				require.Empty(t, w.Body.String())
				requireHeaders(t, w)
			}
		}
		require.EqualValues(t, 6, d.scans(t))
		w := ask(mux, http.MethodHead, "/q/"+d.code.Short)
		require.Equal(t, http.StatusFound, w.Code)
		require.Equal(t, d.link, w.Header().Get("Location"))
		require.EqualValues(t, 6, d.scans(t), "HEAD does not count")
	}
}

// TestNotRedirected: whatever a request holds, Location is the stored target's link
// or is not there at all.
func TestNotRedirected(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	h := qrhttp.New(d.QRCodes, nil)
	s := d.code.Short
	for _, target := range []string{
		"/q/" + s + "?to=https://evil.example", "/q/" + s + "?%0d%0aLocation:%20https://evil.example", "http://evil.example/q/" + s,
		"/q/" + s + "?short=AAAAAAAAAAAA", "//evil.example/" + s, "/https://evil.example/" + s, "/%0d%0aSet-Cookie:a=b/" + s,
	} {
		w := ask(h, http.MethodGet, target)
		require.Equal(t, http.StatusFound, w.Code, target)
		require.Equal(t, []string{d.link}, w.Header()["Location"], target)
		require.Empty(t, w.Header()["Set-Cookie"])
	}
	for _, target := range []string{
		"/", "/q/", "/q/" + s + "/", "/q/" + s + "/..", "/q/x%2F" + s, "/q/" + s + "%2F", "/q/%5C" + s, "/q/" + s + "%00", "/q/" + s + "%0d%0aX:y",
		"/q/" + s[:11], "/q/" + s + s, "/q/%" + "41" + s[1:], "/q/https:%2F%2Fevil.example", "/q/..%2f..%2fetc%2fpasswd",
		"/q/" + strings.Repeat("A", 1<<20), "/" + strings.Repeat("a/", 1<<18), "*", "/q/AAAAAAAAAAAA", "/q/" + s + ";x", "/q/" + s + ".html",
	} {
		w := ask(h, http.MethodGet, target)
		require.Equal(t, http.StatusNotFound, w.Code, "%.60s", target)
		require.Equal(t, "There is no such code.\n", w.Body.String())
		requireHeaders(t, w)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	h := qrhttp.New(d.QRCodes, nil)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace, "get", "X"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/q/"+d.code.Short, unread{t})
		r.Method = method
		h.ServeHTTP(w, r)
		require.Equal(t, http.StatusMethodNotAllowed, w.Code, method)
		require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
		requireHeaders(t, w)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/q/"+d.code.Short, unread{t}))
	require.Equal(t, http.StatusFound, w.Code)
	require.EqualValues(t, 1, d.scans(t))
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) { u.t.Error("the body was read"); return 0, io.EOF }

// TestGone: a code that there is, and that leads nowhere.
func TestGone(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*desk) error{
		"revoked": func(d *desk) error { _, err := d.QRCodes.Revoke(t.Context(), d.by, d.code.ID); return err },
		"expired": func(d *desk) error {
			at := d.Clock.Now().Add(1e9)
			_, err := d.QRCodes.SetExpiry(t.Context(), d.by, d.code.ID, at)
			d.Clock.Set(at)
			return err
		},
		"deleted": func(d *desk) error { _, err := d.QRCodes.Delete(t.Context(), d.by, d.code.ID); return err },
		"removed": func(d *desk) error {
			_, err := d.MiniPrograms.ForceRemove(t.Context(), d.As(rbac.MiniProgramInspector), d.Shop, "fraud")
			return err
		},
		"disabled": func(d *desk) error {
			return d.Workspaces.SetStatus(t.Context(), superapptest.System, d.Tenant, workspace.Disabled, "unpaid")
		},
	} {
		d := newDesk(t, nil)
		require.NoError(t, end(d), name)
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(qrhttp.New(d.QRCodes, nil), method, "/q/"+d.code.Short)
			require.Equal(t, http.StatusGone, w.Code, name)
			requireHeaders(t, w)
		}
		require.Zero(t, d.scans(t), name)
	}
}

// TestFailed: errors of the store and the scheme are logged and not shown, and the
// host may draw the page.
// picky makes a link of the target that a service tries first, and of no other.
type picky struct{ err error }

func (s picky) Link(t qrcode.Target) (string, error) {
	if t.MiniProgram.IsZero() {
		return "https://w.example/", nil
	}
	return "", s.err
}

func TestFailed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	secret := errors.New("password of the database")
	broken := d.Over(storagetest.Spy(d.Store, func(storagetest.Call) error { return secret }))
	badScheme, err := superapp.New(d.Store, &superapp.Options{QRCodes: &qrcode.Options{Scheme: link("https://evil.example/\r\nSet-Cookie: secret=1")}})
	require.NoError(t, err)
	refusing, err := superapp.New(d.Store, &superapp.Options{QRCodes: &qrcode.Options{Scheme: picky{errors.New("no such page")}}})
	require.NoError(t, err)
	for _, tt := range []struct {
		codes  *qrcode.Service
		status int
		retry  string
		logged string
	}{
		{broken.QRCodes, http.StatusServiceUnavailable, "5", "password of the database"},
		{badScheme.QRCodes, http.StatusInternalServerError, "", "the scheme made a link"},
		{refusing.QRCodes, http.StatusInternalServerError, "", "no such page"},
	} {
		var log bytes.Buffer
		w := ask(qrhttp.New(tt.codes, &qrhttp.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}), http.MethodGet, "/q/"+d.code.Short)
		require.Equal(t, tt.status, w.Code)
		require.Equal(t, tt.retry, w.Header().Get("Retry-After"))
		requireHeaders(t, w)
		require.NotContains(t, w.Body.String(), "password")
		require.Empty(t, w.Header()["Set-Cookie"])
		require.Contains(t, log.String(), tt.logged)
		require.Contains(t, log.String(), "level=ERROR")

		ask(qrhttp.New(tt.codes, nil), http.MethodGet, "/q/"+d.code.Short) // nowhere to log
	}

	var log bytes.Buffer
	h := qrhttp.New(d.QRCodes, &qrhttp.Options{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Failed: func(w http.ResponseWriter, r *http.Request, status int, err error) {
			w.WriteHeader(status)
			if errors.Is(err, qrcode.ErrShortNotFound) {
				_, _ = io.WriteString(w, "<h1>Nothing at "+r.URL.Path+"</h1>")
			}
		},
	})
	w := ask(h, http.MethodGet, "/q/unknown")
	require.Equal(t, http.StatusNotFound, w.Code)
	require.Equal(t, "<h1>Nothing at /q/unknown</h1>", w.Body.String())
	requireHeaders(t, w)
	require.Equal(t, http.StatusMethodNotAllowed, ask(h, http.MethodPost, "/q/unknown").Code)
	require.Empty(t, log.String(), "what was asked wrongly is not logged")
}

// TestRaces: scans while the code is retargeted and revoked, through a real server.
func TestRaces(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	server := httptest.NewServer(qrhttp.New(d.QRCodes, nil))
	defer server.Close()
	client := *server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	get := func() int {
		r, err := client.Get(server.URL + "/q/" + d.code.Short)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = r.Body.Close()
		if location := r.Header.Get("Location"); (r.StatusCode == http.StatusFound) != strings.HasPrefix(location, "superapp://") {
			t.Errorf("status %d to %q", r.StatusCode, location)
		}
		return r.StatusCode
	}
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				if status := get(); status != http.StatusFound && status != http.StatusGone {
					t.Errorf("status = %d", status)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 20 {
		_, err := d.QRCodes.Retarget(t.Context(), d.by, d.code.ID, "pages/"+strings.Repeat("x", i+1), nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusFound, get())
		_, err = d.QRCodes.Revoke(t.Context(), d.by, d.code.ID)
		require.NoError(t, err)
		require.Equal(t, http.StatusGone, get(), "revoked is revoked")
		_, err = d.QRCodes.Reinstate(t.Context(), d.by, d.code.ID)
		require.NoError(t, err)
	}
	close(done)
	readers.Wait()
}

// FuzzPath: no path leads anywhere but to the one target there is.
func FuzzPath(f *testing.F) {
	d := newDesk(f, nil)
	h := qrhttp.New(d.QRCodes, nil)
	for _, path := range []string{"/q/" + d.code.Short, "//evil.example", "/%2e%2e/", "/q/\r\nLocation: x", "/\\evil.example"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r := httptest.NewRequest(http.MethodHead, "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusFound:
			require.Equal(t, []string{d.link}, w.Header()["Location"])
		case http.StatusNotFound:
			require.Empty(t, w.Header()["Location"])
		default:
			t.Errorf("status %d", w.Code)
		}
	})
}
