package superapp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
)

// A Digest stands for [Effects]: the same effects have the same one. It is text,
// safe in a URL and a form. It depends on who acts and on everything that would
// change, before and after, but on neither the ids of what would be new, nor the
// clock, nor the reason and the request that are given.
type Digest string

// digest returns the digest of what was recorded.
func (r *recording) digest(e Effects) (Digest, error) {
	var b bytes.Buffer
	to, set := json.NewEncoder(&b), times{}
	for i, c := range e.Changes {
		before, after, err := set.change(r.events[i].At, c)
		if err != nil {
			return "", err
		}
		if err := to.Encode([]any{
			c.Workspace, c.Verb, c.Object.Kind.String(), c.Object.ID, r.events[i].System, c.Personal.Actor, c.Personal.OnBehalfOf, before, after,
		}); err != nil {
			return "", err
		}
	}
	if err := to.Encode([]any{e.Told, e.Limits}); err != nil {
		return "", err
	}
	var pairs []string
	for i, made := range r.made {
		pairs = append(pairs, made, fmt.Sprintf("new %d", i))
	}
	text := strings.NewReplacer(pairs...).Replace(b.String())
	sum := sha256.Sum256([]byte("superapp effects 3\n" + text))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:])), nil
}

// times are what is told in place of the times that the unit has set: how far they
// are from when it was.
type times map[string]string

// given are the verbs whose times somebody chooses. They stay what they are,
// whatever the clock says meanwhile.
var given = map[audit.Verb]bool{
	miniprogram.EventRectificationRequired: true, qrcode.EventDefined: true, qrcode.EventExpirySet: true,
}

// change decodes the states of a change. A time in the state after is one that the
// unit has set if it is not in the state before, and is the event's or later. Personal
// data is what people wrote: whatever looks like a time there is none.
func (ts times) change(at time.Time, c Change) (before, after [2]any, err error) {
	for i, s := range []struct {
		raw json.RawMessage
		to  *any
	}{{c.Data.Before, &before[0]}, {c.Data.After, &after[0]}, {c.Personal.Before, &before[1]}, {c.Personal.After, &after[1]}} {
		if s.raw == nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(s.raw))
		d.UseNumber()
		if err := d.Decode(s.to); err != nil {
			return before, after, fmt.Errorf("superapp: state %d of %s: %w", i, c.Verb, err)
		}
	}
	there := map[string]bool{}
	before[0] = visit(before[0], func(s string) string { there[s] = true; return ts.told(s) })
	after[0] = visit(after[0], func(s string) string {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil && !there[s] && !given[c.Verb] && !t.Before(at) {
			ts[s] = "now + " + t.Sub(at).String()
		}
		return ts.told(s)
	})
	return before, after, nil
}

// told is a text as the digest has it.
func (ts times) told(s string) string {
	if set, ok := ts[s]; ok {
		return set
	}
	return s
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
