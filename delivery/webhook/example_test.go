package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"context"

	"github.com/superapp-go/superapp/delivery/webhook"
)

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
