package superapp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
)

// A Digest stands for [Effects]: the same effects have the same one. It is text,
// safe in a URL and a form. It depends on who acts and on everything that would
// change, before and after, but on neither the ids of what would be new, nor the
// clock, nor the reason and the request that are given.
type Digest string

// digest returns the digest of what was recorded.
func (r *recording) digest(e Effects) (Digest, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	for i, c := range e.Changes {
		at := r.events[i].At
		before, err := canonical(at, nil, c.Data.Before, c.Personal.Before)
		if err != nil {
			return "", err
		}
		after, err := canonical(at, before, c.Data.After, c.Personal.After)
		if err != nil {
			return "", err
		}
		if err := to.Encode([]any{c.Workspace, c.Verb, c.Object.Kind.String(), c.Object.ID, c.Personal.Actor, c.Personal.OnBehalfOf, before, after}); err != nil {
			return "", err
		}
	}
	if err := to.Encode([]any{e.Told, e.Limits}); err != nil {
		return "", err
	}
	text := b.String()
	for i, u := range r.made {
		text = strings.ReplaceAll(text, u.String(), "new "+id.UUID{15: byte(i), 14: byte(i >> 8)}.String())
	}
	sum := sha256.Sum256([]byte("superapp effects 1\n" + text))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:])), nil
}

// canonical decodes states, and tells times that the verb has set, which are at or
// after the time of the event, by how far they are from it. Those that were there
// before stay: known are the states before.
func canonical(at time.Time, known []any, states ...json.RawMessage) ([]any, error) {
	there := map[string]bool{}
	visit(known, func(s string) string { there[s] = true; return s })
	all := make([]any, len(states))
	for i, s := range states {
		if s == nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(s))
		d.UseNumber()
		if err := d.Decode(&all[i]); err != nil {
			return nil, err
		}
	}
	if known == nil {
		return all, nil
	}
	return visit(all, func(s string) string {
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || there[s] || t.Before(at) {
			return s
		}
		return "now + " + t.Sub(at).String()
	}).([]any), nil
}

// visit replaces every text in what JSON was decoded to.
func visit(v any, fn func(string) string) any {
	switch v := v.(type) {
	case string:
		return fn(v)
	case []any:
		for i := range v {
			v[i] = visit(v[i], fn)
		}
	case map[string]any:
		for k := range v {
			v[k] = visit(v[k], fn)
		}
	}
	return v
}
