package webhook_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery/webhook"
	"github.com/superapp-go/superapp/id"
)

// A URL that belongs to one tenant gets the events of that one only.
func ExampleNew() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println("received", r.Header.Get(webhook.HeaderID))
	}))
	defer server.Close()

	tenant := event.Workspace
	h, err := webhook.New(server.URL, []webhook.Secret{webhook.NewSecret()}, &webhook.Options{
		Only:    func(e audit.Event) bool { return e.Workspace == tenant },
		Private: true, // this receiver is on the same machine
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	other := event
	other.Workspace = id.Workspace{UUID: id.New()}
	for _, e := range []audit.Event{other, event} { // a delivery.Dispatcher does this
		if err := h.Handle(context.Background(), e); err != nil {
			fmt.Println(err)
		}
	}
	// Output: received evt_00000000-0000-0000-0000-000000000001_7
}

// A receiver reads the body, asks who signed it, keeps it, and answers.
func ExampleVerify() {
	secret := webhook.NewSecret() // both sides have it
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil || webhook.Verify(r.Header, body, time.Now(), secret) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Println("received", r.Header.Get(webhook.HeaderID))
	}))
	defer server.Close()

	h, err := webhook.New(server.URL, []webhook.Secret{secret}, &webhook.Options{Private: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Handle(context.Background(), event))
	// Output:
	// received evt_00000000-0000-0000-0000-000000000001_7
	// <nil>
}
