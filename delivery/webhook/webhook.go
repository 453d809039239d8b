// Package webhook sends events to a URL, signed in the format of Standard Webhooks
// (https://www.standardwebhooks.com), so that receivers in any language know what
// to do. Only programs that import it link net/http.
//
//	h, err := webhook.New("https://crm.example/hooks", []webhook.Secret{secret}, nil)
//	err = d.Handle("crm", h, nil) // d is a delivery.Dispatcher
//
// This sends the events of every tenant. To the URL of one tenant go its own, by
// [Options].Only, signed with a secret of its own.
//
// A receiver answers with a status of 2xx as soon as it has kept the message. Every
// other answer, none in time, and a redirect mean that it comes again; 410 Gone
// means that it does not: it becomes a dead letter. A message may come twice, with
// the same webhook-id. [Verify] is for receivers written in Go.
//
// What a URL names may be chosen by somebody else. So only https is spoken, nothing
// is sent to private, local or otherwise special addresses, whatever the name
// resolves to at the moment of the call, no redirect is followed, no proxy of the
// environment is used, and little is read of an answer, and none of it kept.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
)

// Options configure a [Handler]. Nil means the defaults.
type Options struct {
	// Personal adds the personal data of the events: who acted, names, addresses,
	// free text. What was sent is not reached by an erasure. Default: it is left out.
	Personal bool
	// Only says which events are sent; the others count as delivered. Default: all, of
	// every workspace on the platform. A URL that is one tenant's needs a filter by
	// [audit.Event].Workspace, or it gets what happened to every other tenant.
	Only func(audit.Event) bool
	// Timeout is how long a call may take in all; that of the dispatcher counts as
	// well. Default: 15 seconds.
	Timeout time.Duration
	// Private allows http and addresses that are private or local: for tests, and for
	// receivers in the same network that the host itself has chosen. Default: neither.
	Private bool
	// Clock tells the time of the signature. Default: time.Now.
	Clock func() time.Time
}

// A Handler sends events to one URL. It is safe for concurrent use.
type Handler struct {
	url     string
	secrets []Secret
	o       Options
	client  *http.Client
}

var _ delivery.Handler = (*Handler)(nil)

// The errors of calls; those of [delivery] wrap them.
var (
	// ErrURL: not a URL to send to.
	ErrURL = fault.Define(fault.ErrInvalid, "webhook.url", "want an absolute https URL with a host, and without user and fragment")
	// ErrAddress: the name leads to an address to which nothing is sent.
	ErrAddress = fault.Define(fault.ErrDenied, "webhook.address", "the receiver has an address that is private, local or reserved")
	// ErrRefused: the receiver answered with another status than 2xx.
	ErrRefused = fault.Define(fault.ErrUnavailable, "webhook.refused", "the receiver refused the message")
	// ErrUnreached: the receiver could not be reached, or did not answer in time.
	ErrUnreached = fault.Define(fault.ErrUnavailable, "webhook.unreached", "the receiver could not be reached, or did not answer in time")
)

// New returns a handler that sends to a URL and signs with each of the secrets, of
// which there are 1 to 10: a new one beside the old one until every receiver knows
// it. It sends the events of all workspaces: for a URL that is one tenant's, set
// [Options].Only. Errors: [ErrURL], [ErrSecret].
func New(address string, secrets []Secret, o *Options) (*Handler, error) {
	h := &Handler{url: address, secrets: append([]Secret(nil), secrets...)}
	if o != nil {
		h.o = *o
	}
	if h.o.Timeout <= 0 {
		h.o.Timeout = 15 * time.Second
	}
	if h.o.Clock == nil {
		h.o.Clock = time.Now
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && !(h.o.Private && u.Scheme == "http") {
		return nil, ErrURL
	}
	if len(secrets) == 0 || len(secrets) > maxSecrets {
		return nil, ErrSecret
	}
	for _, s := range secrets {
		if len(s.key) == 0 {
			return nil, ErrSecret
		}
	}
	h.client = newClient(h.o.Timeout, h.o.Private)
	return h, nil
}

// A Message is the body of a webhook, as JSON.
type Message struct {
	// Type is the verb of the event.
	Type audit.Verb `json:"type"`
	// Timestamp is when it happened.
	Timestamp time.Time `json:"timestamp"`
	Data      Data      `json:"data"`
}

// Data is the event.
type Data struct {
	Workspace id.Workspace `json:"workspace"`
	Seq       uint64       `json:"seq"`
	// Kind and Object are what it happened to.
	Kind   string  `json:"kind"`
	Object id.UUID `json:"object"`
	// Before and After are the object's state, without personal data.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	// Personal is the personal data, if it is sent: see [audit.Personal].
	Personal json.RawMessage `json:"personal,omitempty"`
}

// ID returns the webhook-id of an event, by which a receiver knows one that comes
// again.
func ID(e audit.Event) string {
	return "evt_" + e.Workspace.String() + "_" + strconv.FormatUint(e.Seq, 10)
}

// body returns what is sent of an event.
func (h *Handler) body(e audit.Event) ([]byte, error) {
	d, err := e.DecodeData()
	if err != nil {
		return nil, err
	}
	m := Message{Type: e.Verb, Timestamp: e.At, Data: Data{
		Workspace: e.Workspace, Seq: e.Seq, Kind: e.Object.Kind.String(), Object: e.Object.ID, Before: d.Before, After: d.After,
	}}
	if h.o.Personal {
		m.Data.Personal = e.Personal
	}
	return json.Marshal(m)
}

// maxAnswer is how much is read of an answer, so that the connection can be used
// again.
const maxAnswer = 64 << 10

// Handle sends an event. Its errors name neither the URL nor the answer.
func (h *Handler) Handle(ctx context.Context, e audit.Event) error {
	if h.o.Only != nil && !h.o.Only(e) {
		return nil
	}
	body, err := h.body(e)
	if err != nil {
		return delivery.Permanent(err)
	}
	ctx, cancel := context.WithTimeout(ctx, h.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return delivery.Permanent(ErrURL)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "superapp-webhook/1")
	sign(req.Header, h.secrets, ID(e), h.o.Clock(), body)
	answer, err := h.client.Do(req)
	switch {
	case errors.Is(err, ErrAddress):
		return ErrAddress // tried again: a name may lead elsewhere later
	case err != nil:
		return ErrUnreached
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
		return nil
	case answer.StatusCode == http.StatusGone:
		return delivery.Permanent(fmt.Errorf("%w: status %d", ErrRefused, answer.StatusCode))
	}
	return fmt.Errorf("%w: status %d", ErrRefused, answer.StatusCode)
}

// String returns a word that tells nothing of the URL and the secrets.
func (h *Handler) String() string { return "webhook" }

// GoString returns the same word.
func (h *Handler) GoString() string { return h.String() }
