package audit

import (
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// DenialOptions configure the record of denials.
type DenialOptions struct {
	// Keep is how long a [Denial] is kept from its First on, a day or more. Default: 90
	// days.
	Keep time.Duration
}

// keepDenials is the default of [DenialOptions].
const keepDenials = 90 * 24 * time.Hour

// MaxDenials is how many denials are kept of one actor, workspace and day. What he
// tries beyond is not recorded, so that nobody fills the store.
const MaxDenials = 100

// check returns what is wrong with the options.
func (o *DenialOptions) check() error {
	if o != nil && o.Keep != 0 && o.Keep < 24*time.Hour {
		return fault.Invalid("keep", "not_allowed", "want a day or more")
	}
	return nil
}

// A Denial is what somebody was refused for want of a permission: one record for
// all his attempts of a day at the same. It is no part of the chain, and
// [Service.Verify] knows nothing of it.
type Denial struct {
	// Workspace owns the object.
	Workspace id.Workspace
	// Seq counts the workspace's denials, from 1. It is the order of First.
	Seq uint64
	// System tells the platform operator from an account.
	System bool
	// Actor is the account that was denied, or the name of the system actor.
	Actor string
	// Permission is the name of what was missing, and Object what it was wanted on.
	Permission string
	Object     rbac.Object
	// Count is how often it was tried on the day of First, in UTC.
	Count int
	// First and Last are the first and the last of these attempts.
	First, Last time.Time
	// OnBehalfOf, Request and Reason are those of the last attempt: the account it
	// was for, the host's id of the request, and what denied it.
	OnBehalfOf string
	Request    string
	Reason     rbac.Reason
}

// same reports whether an attempt is one more at what the denial is of.
func (d Denial) same(try Denial) bool {
	return d.System == try.System && d.Actor == try.Actor && d.Permission == try.Permission && d.Object == try.Object
}

// day is that of a denial.
func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// counted returns the denial that keeps an attempt at the time of its Last. newest
// is the workspace's last denial, if there is one, and recent are the actor's last
// [MaxDenials]. It reports false if there is no more room for him that day.
func (d Denial) counted(newest, recent []Denial) (Denial, bool) {
	if len(newest) > 0 && newest[0].First.After(d.Last) {
		d.Last = newest[0].First // so that First is in the order of Seq
	}
	today := 0
	for _, r := range recent {
		if !day(r.First).Equal(day(d.Last)) {
			continue
		}
		if today++; r.same(d) {
			d.Seq, d.Count, d.First = r.Seq, r.Count+1, r.First
			if r.Last.After(d.Last) {
				d.Last = r.Last
			}
			return d, true
		}
	}
	d.Seq, d.Count, d.First = 1, 1, d.Last
	if len(newest) > 0 {
		d.Seq = newest[0].Seq + 1
	}
	return d, today < MaxDenials
}

// A DenialQuery is for stores: it selects denials of one workspace, the greatest Seq
// first.
type DenialQuery struct {
	Workspace id.Workspace
	// Actor selects what an account was denied or, with System, the system actor of
	// this name; "" means any.
	Actor  string
	System bool
	// Object selects what was denied on one object; zero means any.
	Object rbac.Object
	// Before is the Seq behind the first one wanted; 0 means no bound.
	Before uint64
	// Limit is the greatest number of denials.
	Limit int
}
