package audit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// An Erase is what to erase from a trail.
type Erase struct {
	// Workspace is whose trail; required.
	Workspace id.Workspace
	// Account and Emails are whose data: an account as the host knows it, and the
	// addresses it had. One of them is required. An invitation that nobody
	// accepted is found by its address alone.
	Account id.Account
	Emails  []string
	// Reason is kept with the erasure, as personal data of the caller's: one line of
	// at most [MaxReason] characters. Do not name in it whose data it was.
	Reason string
}

// MaxReason is the greatest length of the reason of an [Erase], in characters.
const MaxReason = 500

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
	p, err := x.check()
	if err != nil {
		return done, err
	}
	if err := unit.OperatorOnly(actor); err != nil {
		return done, err
	}
	p.pseudonym = "erased:" + s.env.NewID().String()
	done.Pseudonym = p.pseudonym
	// Why the member records first, each with all that happened to it: some of that
	// names nobody, and who is interrupted could not find it any more.
	if err := s.findRecords(ctx, actor, x.Workspace, p); err != nil {
		return done, err
	}
	for whole := 0; ; {
		for ; whole < len(p.records); whole++ {
			if err := s.walk(ctx, actor, x, p, p.records[whole], &done.Events); err != nil {
				return done, err
			}
		}
		if err := s.walk(ctx, actor, x, p, rbac.Object{}, &done.Events); err != nil {
			return done, err
		}
		if whole == len(p.records) {
			break
		}
	}
	if p.account == "" {
		return done, nil // a denial names accounts alone
	}
	return done, s.eraseDenials(ctx, actor, x.Workspace, p, &done.Denials)
}

// findRecords finds the person's member records in a trail.
func (s *Service) findRecords(ctx context.Context, actor rbac.Actor, w id.Workspace, p *person) error {
	q := Query{Workspace: w, Limit: eraseSize}
	for {
		var events []Event
		if err := s.view(ctx, actor, w, func(ctx context.Context, r Reader) (err error) {
			events, err = r.Events(ctx, q)
			return err
		}); err != nil {
			return err
		}
		for _, e := range events {
			q.After = e.Seq
			p.meet(e)
		}
		if len(events) < eraseSize {
			return nil
		}
	}
}

// walk erases a person from the events about one of his member records, whatever
// they name, or from all that name him for the zero object.
func (s *Service) walk(ctx context.Context, actor rbac.Actor, x Erase, p *person, o rbac.Object, changed *int) error {
	q, whole := Query{Workspace: x.Workspace, Object: o, Limit: eraseSize}, o != (rbac.Object{})
	for {
		var read, erased int
		var last uint64
		err := s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(x.Workspace)), func(ctx context.Context, tx Tx) error {
			read, erased = 0, 0
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
				p.meet(e)
				redacted, ok, err := p.redact(e, whole)
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
		if *changed += erased; read < eraseSize {
			return nil
		}
		q.After = last
	}
}

// check returns whose data to erase, and makes the reason plain.
func (x *Erase) check() (*person, error) {
	var problems fault.Problems
	x.Reason = text.Line(&problems, "reason", x.Reason, 0, MaxReason)
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
		problems.Add("emails", "too_long", fmt.Sprintf("want at most %d, got %d", MaxEmails, len(x.Emails)))
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
	// records are the member records that were met.
	records []rbac.Object
}

// meet notes the member record that an event is about if it names the person.
func (p *person) meet(e Event) {
	if e.Object.Kind != rbac.KindMember || slices.Contains(p.records, e.Object) {
		return
	}
	if d, err := e.DecodePersonal(); err == nil && (p.named(d.Before) || p.named(d.After)) {
		p.records = append(p.records, e.Object)
	}
}

// redact returns an event without the person, and whether that differs. whole says
// that it is about the person, whatever it names.
func (p *person) redact(e Event, whole bool) (Event, bool, error) {
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
	if whole || p.named(d.Before) || p.named(d.After) {
		d.Before, d.After = nil, nil
	}
	if d.Actor == was.Actor && d.OnBehalfOf == was.OnBehalfOf && (d.Before == nil) == (was.Before == nil) && (d.After == nil) == (was.After == nil) &&
		(!whole || was.Reason == "") {
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
