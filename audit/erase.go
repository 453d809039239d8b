package audit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// EventErased says that personal data was erased; its After is an [Erasure].
const EventErased Verb = "audit.erased"

// An Erasure is what the trail tells of an erasure. It does not tell whose data it
// was.
type Erasure struct {
	// Pseudonym stands where the account was.
	Pseudonym string `json:"pseudonym"`
	// Events are those that were changed, in the order of Seq.
	Events []Redaction `json:"events"`
}

// A Redaction is an event of which personal data was erased.
type Redaction struct {
	Seq uint64 `json:"seq"`
	// Commitment is, in hexadecimal digits, the hash of the Salt and Personal that
	// are left.
	Commitment string `json:"commitment"`
}

// Audit returns the erasure; it holds no personal data.
func (e Erasure) Audit() (state, personal any) { return e, nil }

// DecodeErasure returns what an event with [EventErased] tells.
func (e Event) DecodeErasure() (x Erasure, err error) {
	d, err := e.DecodeData()
	if err != nil {
		return x, err
	}
	err = json.Unmarshal(d.After, &x)
	return x, err
}

// left returns the commitment to what was left of an event.
func (e Erasure) left(seq uint64) (c [32]byte, ok bool) {
	i, found := slices.BinarySearchFunc(e.Events, seq, func(r Redaction, seq uint64) int {
		switch {
		case r.Seq < seq:
			return -1
		case r.Seq > seq:
			return 1
		}
		return 0
	})
	if !found {
		return c, false
	}
	b, err := hex.DecodeString(e.Events[i].Commitment)
	if err != nil || len(b) != len(c) {
		return c, false
	}
	return [32]byte(b), true
}

// An Erase is what to erase from a trail.
type Erase struct {
	// Workspace is whose trail; required.
	Workspace id.Workspace
	// Account and Emails are whose data: an account as the host knows it, and the
	// addresses it had. One of them is required. An invitation that nobody
	// accepted is found by its address alone.
	Account id.Account
	Emails  []string
	// Reason is kept with the erasure, as personal data of the caller's. Do not
	// name in it whose data it was.
	Reason string
}

// MaxEmails is how many addresses an [Erase] may name.
const MaxEmails = 50

// eraseSize is how many events one unit looks at.
const eraseSize = 200

// An Erased is what an erasure did.
type Erased struct {
	// Pseudonym stands in the trail where the account was.
	Pseudonym string
	// Events is how many events were changed, and Denials how many denials.
	Events, Denials int
}

// Erase takes one person's personal data out of a workspace's trail (E3), as a law
// may want it; only the platform operator does. In every event that names the
// account or one of the addresses, and in those about their member records, the
// account becomes a random pseudonym as the one who acted, or for whom it was done;
// the free text goes; and so does all personal data of the object, if it names the
// person. Who else acted stays. The salt is made anew, so that nobody can tell by
// trying that it was this person. A text is compared as a whole: a name inside
// somebody else's free text stays.
//
// The account becomes the pseudonym in the workspace's denials, too.
//
// The trail is walked through in units of 200 events. Each that changes anything
// leaves an event with [EventErased], and the chain verifies at any time. Whoever
// is interrupted calls again, which finds what is left, under another pseudonym;
// calling again after the end finds nothing. A person in several workspaces is
// erased in each. What was exported, delivered or backed up before is not reached.
// Errors: [ErrWorkspace]; *fault.InvalidError; unit.ErrOperatorOnly.
func (s *Service) Erase(ctx context.Context, actor rbac.Actor, x Erase) (done Erased, err error) {
	defer fault.Wrap(&err, "audit: erase")
	p, err := x.person()
	if err != nil {
		return done, err
	}
	if err := unit.OperatorOnly(actor); err != nil {
		return done, err
	}
	p.pseudonym = "erased:" + s.env.NewID().String()
	done.Pseudonym = p.pseudonym
	if err := s.walk(ctx, actor, x, p, rbac.Object{}, &done.Events); err != nil {
		return done, err
	}
	// What else happened to their member records, whatever it names.
	for _, m := range p.records {
		p.whole = true
		if err := s.walk(ctx, actor, x, p, m, &done.Events); err != nil {
			return done, err
		}
	}
	if p.account == "" {
		return done, nil // a denial names accounts alone
	}
	return done, s.eraseDenials(ctx, actor, x.Workspace, p, &done.Denials)
}

// walk erases a person from the events about an object, zero for all.
func (s *Service) walk(ctx context.Context, actor rbac.Actor, x Erase, p *person, o rbac.Object, changed *int) error {
	q := Query{Workspace: x.Workspace, Object: o, Limit: eraseSize}
	for {
		var read, erased int
		var last uint64
		var records []rbac.Object
		err := s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(x.Workspace)), func(ctx context.Context, tx Tx) error {
			read, erased, records = 0, 0, nil
			if _, err := s.env.Authorize(ctx, tx, actor, rbac.ViewAudit, rbac.OnWorkspace(x.Workspace), ErrWorkspace); err != nil {
				return err
			}
			head, err := tx.Head(ctx, x.Workspace)
			if err != nil {
				return err
			}
			events, err := tx.Events(ctx, q)
			if err != nil {
				return err
			}
			erasure := Erasure{Pseudonym: p.pseudonym}
			for _, e := range events {
				last = e.Seq
				if p.recordOf(e) && !slices.Contains(records, e.Object) {
					records = append(records, e.Object)
				}
				redacted, ok, err := p.redact(e)
				if err != nil {
					return err
				}
				if !ok {
					continue
				}
				redacted.Erasure = head.Seq + 1
				left := commitment(redacted.Salt, redacted.Personal)
				erasure.Events = append(erasure.Events, Redaction{Seq: e.Seq, Commitment: hex.EncodeToString(left[:])})
				if err := tx.RedactEvent(ctx, redacted); err != nil {
					return err
				}
			}
			read, erased = len(events), len(erasure.Events)
			if erased == 0 {
				return nil
			}
			return Append(ctx, tx, Entry{
				Workspace: x.Workspace, Verb: EventErased, Object: rbac.OnWorkspace(x.Workspace), Actor: actor,
				At: s.env.Now(), Reason: x.Reason, After: erasure,
			})
		})
		if err != nil {
			return err
		}
		*changed += erased
		for _, m := range records {
			if !slices.Contains(p.records, m) {
				p.records = append(p.records, m)
			}
		}
		if read < eraseSize {
			return nil
		}
		q.After = last
	}
}

// person returns whose data to erase.
func (x Erase) person() (*person, error) {
	var problems fault.Problems
	p := &person{account: string(x.Account), names: map[string]bool{}}
	switch {
	case x.Account == "" && len(x.Emails) == 0:
		problems.Add("account", "required", "want an account, addresses, or both")
	case x.Account != "":
		p.names[p.account] = true
		if err := x.Account.Validate(); err != nil {
			problems.Add("account", "malformed", "not an account")
		}
	}
	if len(x.Emails) > MaxEmails {
		problems.Add("emails", "too_many", "want at most "+strconv.Itoa(MaxEmails))
	}
	for i, e := range x.Emails[:min(len(x.Emails), MaxEmails)] {
		p.names[text.Email(&problems, "emails["+strconv.Itoa(i)+"]", e)] = true
	}
	return p, problems.Err()
}

// A person is whose data is erased.
type person struct {
	account, pseudonym string
	// names are the account and the addresses.
	names map[string]bool
	// whole says that the events are about the person, whatever they name.
	whole bool
	// records are the member records that were met.
	records []rbac.Object
}

// recordOf reports whether an event is about a member record of the person.
func (p *person) recordOf(e Event) bool {
	if e.Object.Kind != rbac.KindMember {
		return false
	}
	d, err := e.DecodePersonal()
	return err == nil && (p.named(d.Before) || p.named(d.After))
}

// redact returns an event without the person, and whether that differs.
func (p *person) redact(e Event) (Event, bool, error) {
	d, err := e.DecodePersonal()
	if err != nil || e.Personal == nil {
		// Why not an error: one that was tampered with must not keep the rest from
		// being erased. Verify tells of it.
		return e, false, nil
	}
	was := d
	if !e.System && p.account != "" && d.Actor == p.account {
		d.Actor = p.pseudonym
	}
	if p.account != "" && d.OnBehalfOf == p.account {
		d.OnBehalfOf = p.pseudonym
	}
	if p.whole || p.named(d.Before) || p.named(d.After) {
		d.Before, d.After = nil, nil
	}
	if d.Actor == was.Actor && d.OnBehalfOf == was.OnBehalfOf && (d.Before == nil) == (was.Before == nil) && (d.After == nil) == (was.After == nil) &&
		(!p.whole || was.Reason == "") {
		return e, false, nil
	}
	d.Reason = ""
	if e.Personal, err = json.Marshal(d); err != nil {
		return e, false, err
	}
	e.Actor, e.Salt = d.Actor, make([]byte, 16)
	rand.Read(e.Salt)
	return e, true, nil
}

// named reports whether a text in the JSON is a name of the person.
func (p *person) named(data json.RawMessage) bool {
	if data == nil {
		return false
	}
	var v any
	return json.Unmarshal(data, &v) == nil && p.in(v)
}

func (p *person) in(v any) bool {
	switch v := v.(type) {
	case string:
		return p.names[v]
	case []any:
		return slices.ContainsFunc(v, p.in)
	case map[string]any:
		for _, x := range v {
			if p.in(x) {
				return true
			}
		}
	}
	return false
}
