package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/delivery/webhook"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// event is one with personal data.
var event = audit.Event{
	Workspace: id.Workspace{UUID: id.UUID{15: 1}}, Seq: 7, At: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Verb: "member.role_set",
	Object: rbac.OnMember(id.Member{UUID: id.UUID{15: 2}}), Actor: "u-ada",
	Data:     []byte(`{"request":"req-1","after":{"role":"developer"}}`),
	Personal: []byte(`{"actor":"u-ada","reason":"she asked","after":{"email":"dee@example.com"}}`),
}

// receiver is a server that answers as told, and a handler that may call it.
func receiver(t *testing.T, o *webhook.Options, answer http.HandlerFunc) (*webhook.Handler, webhook.Secret) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	if o == nil {
		o = &webhook.Options{}
	}
	o.Private = true
	s := webhook.NewSecret()
	h, err := webhook.New(server.URL, []webhook.Secret{webhook.NewSecret(), s}, o)
	require.NoError(t, err)
	return h, s
}

func TestHandleSendsASignedMessage(t *testing.T) {
	t.Parallel()
	var body []byte
	var header http.Header
	now := time.Now()
	answer := func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		header = r.Header
		w.WriteHeader(http.StatusAccepted)
	}
	h, s := receiver(t, &webhook.Options{Clock: func() time.Time { return now }}, answer)
	require.NoError(t, h.Handle(t.Context(), event))
	require.NoError(t, webhook.Verify(header, body, now, s))
	require.ErrorIs(t, webhook.Verify(header, body, now, webhook.NewSecret()), webhook.ErrSignature)
	require.Equal(t, "evt_00000000-0000-0000-0000-000000000001_7", header.Get("webhook-id"))
	require.Equal(t, webhook.ID(event), header.Get("webhook-id"))
	require.Equal(t, "application/json", header.Get("content-type"))
	require.JSONEq(t, `{"type":"member.role_set","timestamp":"2026-03-01T09:30:00Z","data":{"workspace":"00000000-0000-0000-0000-000000000001",
		"seq":7,"kind":"member","object":"00000000-0000-0000-0000-000000000002","after":{"role":"developer"}}}`, string(body))

	t.Run("with personal data if that is wanted", func(t *testing.T) {
		h, _ := receiver(t, &webhook.Options{Personal: true}, answer)
		require.NoError(t, h.Handle(t.Context(), event))
		var m webhook.Message
		require.NoError(t, json.Unmarshal(body, &m))
		require.JSONEq(t, string(event.Personal), string(m.Data.Personal))
	})
	t.Run("or nothing", func(t *testing.T) {
		h, _ := receiver(t, &webhook.Options{Only: func(audit.Event) bool { return false }}, func(http.ResponseWriter, *http.Request) { t.Error("called") })
		require.NoError(t, h.Handle(t.Context(), event))
	})
}

func TestHandleFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer    http.HandlerFunc
		want      error
		permanent bool
	}{
		"a server error":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, webhook.ErrRefused, false},
		"a redirect":          {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://127.0.0.1:1/", 307) }, webhook.ErrRefused, false},
		"gone":                {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, webhook.ErrRefused, true},
		"no answer":           {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, webhook.ErrUnreached, false},
		"a broken connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, webhook.ErrUnreached, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, _ := receiver(t, &webhook.Options{Timeout: 200 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				c.answer(w, r)
			})
			err := h.Handle(t.Context(), event)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.permanent, delivery.IsPermanent(err))
			require.NotContains(t, err.Error(), "127.0.0.1")
		})
	}
}

// An answer without end costs little and is a success all the same.
func TestHandleReadsLittle(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	h, _ := receiver(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 32<<10)
		for {
			n, err := w.Write(block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	require.NoError(t, h.Handle(t.Context(), event))
}

func TestHandleCallsNoPrivateAddress(t *testing.T) {
	t.Parallel()
	called := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }))
	t.Cleanup(called.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(called.URL, "https://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "100.64.0.1", "[64:ff9b::7f00:1]"} {
		h, err := webhook.New("https://"+host+":"+port, []webhook.Secret{webhook.NewSecret()}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, h.Handle(t.Context(), event), webhook.ErrAddress, host)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	s := []webhook.Secret{webhook.NewSecret()}
	for _, bad := range []string{"", "crm", "http://crm.example", "https://", "https://me:pw@crm.example", "https://crm.example/#x", "ftp://crm.example", "https://a b"} {
		_, err := webhook.New(bad, s, nil)
		require.ErrorIs(t, err, webhook.ErrURL, bad)
	}
	for _, bad := range [][]webhook.Secret{nil, {{}}, make([]webhook.Secret, 11)} {
		_, err := webhook.New("https://crm.example", bad, nil)
		require.ErrorIs(t, err, webhook.ErrSecret)
	}
	h, err := webhook.New("https://crm.example/hidden", s, nil)
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb, h) + fmt.Sprintf(verb, s[0])
		require.NotContains(t, text, "hidden", verb)
		require.Less(t, len(text), 40, verb)
	}
}

// An hour of 500: everything comes in the end. The clock goes in leaps that are longer
// than a lease, so that some of it may come twice, under the same webhook-id.
func TestNothingIsLostWhileTheReceiverIsDown(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	var down atomic.Bool
	var mu sync.Mutex
	got := map[string]bool{}
	h, _ := receiver(t, nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if down.Load() {
			w.WriteHeader(500)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		got[r.Header.Get(webhook.HeaderID)] = true
	})
	so := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(got)
	}
	down.Store(true)
	d, err := k.Delivery.Dispatcher(&delivery.Options{Interval: 5 * time.Millisecond})
	require.NoError(t, err)
	require.NoError(t, d.Handle("hook", h, &delivery.HandlerOptions{FromStart: true}))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	for range 12 {
		time.Sleep(10 * time.Millisecond)
		k.Clock.Advance(5 * time.Minute)
	}
	require.Zero(t, so())
	down.Store(false)
	want := 0
	for _, w := range []id.Workspace{k.Tenant, k.Merchant} {
		head, err := k.Audit.Verify(t.Context(), superapptest.System, w)
		require.NoError(t, err)
		want += int(head.Seq)
	}
	require.Eventually(t, func() bool { k.Clock.Advance(5 * time.Minute); return so() >= want }, 20*time.Second, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.Equal(t, want, so())
}
