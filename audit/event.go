// Package audit keeps the trail: one event for every change of state, written
// in the unit of work that makes the change, and chained by hash in the
// workspace it belongs to (E1).
//
// [Service.List] reads a workspace's trail, [Service.Export] writes it out, and
// [Service.Verify] proves that nobody edited, dropped or reordered what it holds.
//
// Personal data (who acted, names, e-mails, free text) stands apart from the
// rest of an event. The chain covers only a salted commitment to it, so that
// [Service.Erase] can take it out without breaking the chain (E3).
package audit

import (
	"encoding/json"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A Verb names what happened, such as "member.invited". Every package lists
// its own.
type Verb string

// An Event is one change of state, as it is stored.
type Event struct {
	// Workspace owns the object; the event is chained there.
	Workspace id.Workspace
	// Seq counts the workspace's events, from 1. It is their order.
	Seq uint64
	// At is when it happened: UTC, microseconds, never before the event before.
	At time.Time
	// Verb says what happened.
	Verb Verb
	// Object is what it happened to.
	Object rbac.Object
	// System tells the platform operator from an account.
	System bool
	// Actor is the account that acted, or the name of the system actor.
	Actor string
	// Data is a JSON object of the fields of [Data]: no personal data.
	Data []byte
	// Personal is a JSON object of the fields of [Personal].
	Personal []byte
	// Salt makes the commitment to Personal.
	Salt []byte
	// Commitment is the hash of the Salt and Personal that the event had at first.
	Commitment [32]byte
	// Hash covers the event before and everything here but Actor, Personal and
	// Salt, which it covers through Commitment, and Erasure.
	Hash [32]byte
	// Erasure is the Seq of the last event that erased personal data of this one;
	// 0 for none. Actor, Personal and Salt are then what that event left, and it
	// holds the commitment to them: see [Erasure].
	Erasure uint64
}

// Data is what an event tells without personal data.
type Data struct {
	// Request is the host's id of the request.
	Request string `json:"request,omitempty"`
	// Before and After are the object's state, in the type that the verb's
	// package documents; absent where there is none.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// Personal is the personal data of an event.
type Personal struct {
	// Actor is the account that acted, or the name of the system actor.
	Actor string `json:"actor"`
	// OnBehalfOf is the account it was done for.
	OnBehalfOf string `json:"on_behalf_of,omitempty"`
	// Reason is the text the actor gave.
	Reason string `json:"reason,omitempty"`
	// Before and After are the object's personal data.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// DecodeData returns what the event tells without personal data.
func (e Event) DecodeData() (d Data, err error) {
	err = json.Unmarshal(e.Data, &d)
	return d, err
}

// DecodePersonal returns the event's personal data, or what was left of it.
func (e Event) DecodePersonal() (p Personal, err error) {
	if len(e.Personal) == 0 {
		return p, nil
	}
	err = json.Unmarshal(e.Personal, &p)
	return p, err
}
