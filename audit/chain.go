package audit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// An Entry is what a verb reports of a change.
type Entry struct {
	Workspace id.Workspace
	Verb      Verb
	Object    rbac.Object
	Actor     rbac.Actor
	At        time.Time
	Reason    string
	// Before and After are the object's state; nil where there is none.
	Before, After Snapshot
}

// A Snapshot is an object that can be written to the trail.
type Snapshot interface {
	// Audit returns the object's state and, apart from it, its personal data;
	// nil for none. Both are written as JSON.
	Audit() (state, personal any)
}

// Append adds an event to the chain of the entry's workspace, which the unit
// must have in its scope. An actor who is not valid is refused with the error of
// [rbac.Actor.Validate].
func Append(ctx context.Context, tx Tx, e Entry) error {
	if err := e.Actor.Validate(); err != nil {
		return err
	}
	head, err := tx.Head(ctx, e.Workspace)
	if err != nil {
		return err
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	ev, err := next(head, e, salt)
	if err != nil {
		return err
	}
	return tx.AppendEvent(ctx, ev)
}

// next makes the event that follows the head.
func next(head Head, e Entry, salt []byte) (Event, error) {
	data := Data{Request: e.Actor.Request()}
	personal := Personal{Actor: e.Actor.Name(), OnBehalfOf: string(e.Actor.Behalf()), Reason: e.Reason}
	if err := encode(e.Before, &data.Before, &personal.Before); err != nil {
		return Event{}, err
	}
	if err := encode(e.After, &data.After, &personal.After); err != nil {
		return Event{}, err
	}
	ev := Event{
		Workspace: e.Workspace, Seq: head.Seq + 1, At: e.At, Verb: e.Verb, Object: e.Object,
		System: e.Actor.IsSystem(), Actor: e.Actor.Name(), Salt: salt,
	}
	if ev.At.Before(head.At) {
		ev.At = head.At
	}
	var err error
	if ev.Data, err = json.Marshal(data); err != nil {
		return Event{}, err
	}
	if ev.Personal, err = json.Marshal(personal); err != nil {
		return Event{}, err
	}
	ev.Commitment = commitment(salt, ev.Personal)
	ev.Hash = ev.hash(head.Hash)
	return ev, nil
}

func encode(s Snapshot, state, personal *json.RawMessage) error {
	if s == nil {
		return nil
	}
	st, pe := s.Audit()
	for _, x := range []struct {
		from any
		to   *json.RawMessage
	}{{st, state}, {pe, personal}} {
		if x.from == nil {
			continue
		}
		b, err := json.Marshal(x.from)
		if err != nil {
			return err
		}
		*x.to = b
	}
	return nil
}

// commitment binds an event to its personal data without telling it.
func commitment(salt, personal []byte) [32]byte {
	h := sha256.New()
	field(h, []byte("superapp/personal/1"))
	field(h, salt)
	field(h, personal)
	return [32]byte(h.Sum(nil))
}

// hash chains the event behind the one whose hash is prev. Every field is
// preceded by its length, so that no two events give the same bytes.
func (e Event) hash(prev [32]byte) [32]byte {
	h := sha256.New()
	field(h, []byte("superapp/event/1"))
	field(h, prev[:])
	field(h, e.Workspace.UUID[:])
	number(h, e.Seq)
	number(h, uint64(e.At.UnixMicro()))
	field(h, []byte(e.Verb))
	number(h, uint64(e.Object.Kind))
	field(h, e.Object.ID[:])
	system := uint64(0)
	if e.System {
		system = 1
	}
	number(h, system)
	field(h, e.Data)
	field(h, e.Commitment[:])
	return [32]byte(h.Sum(nil))
}

func field(h hash.Hash, b []byte) {
	number(h, uint64(len(b)))
	h.Write(b)
}

func number(h hash.Hash, n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

// ErrBroken is what every [BrokenError] is.
var ErrBroken = fault.Define(fault.ErrState, "audit.broken", "the audit trail was tampered with")

// BrokenError says where a chain first breaks.
type BrokenError struct {
	Workspace id.Workspace
	// Seq is the place where the chain breaks: an event that was edited, or
	// that should be there and is not.
	Seq uint64
	// What says how: "gap", "edited", "personal data edited", "personal data
	// missing", "erasure undone" (what an erasure took out is there again),
	// "head" (the chain ends elsewhere than its head row), "cut" or "not what was
	// noted" (against a noted head).
	What string
}

// Error says where and how.
func (e *BrokenError) Error() string {
	return fmt.Sprintf("the audit trail of workspace %s is broken at event %d: %s", e.Workspace, e.Seq, e.What)
}

// Code returns "audit.broken".
func (e *BrokenError) Code() string { return ErrBroken.Code() }

// Unwrap returns [ErrBroken].
func (e *BrokenError) Unwrap() error { return ErrBroken }

// check verifies that ev follows head. Of an event whose personal data was
// erased, erased tells the commitment that the erasure left.
func check(head Head, ev Event, erased func(Event) (left [32]byte, ok bool, err error)) error {
	broken := func(what string) error {
		return &BrokenError{Workspace: head.Workspace, Seq: head.Seq + 1, What: what}
	}
	switch {
	case ev.Seq != head.Seq+1:
		return broken("gap")
	case ev.Workspace != head.Workspace || ev.At.Before(head.At) || ev.hash(head.Hash) != ev.Hash:
		return broken("edited")
	case ev.Personal == nil:
		// Why: an erasure leaves an object; who drops it could put another actor
		// into the column beside it.
		return broken("personal data missing")
	}
	want := ev.Commitment
	if ev.Erasure != 0 {
		left, ok, err := erased(ev)
		if err != nil {
			return err
		}
		if !ok {
			return broken("personal data edited")
		}
		want = left
	}
	if commitment(ev.Salt, ev.Personal) != want {
		return broken("personal data edited")
	}
	if p, err := ev.DecodePersonal(); err != nil || p.Actor != ev.Actor {
		return broken("personal data edited")
	}
	return nil
}
