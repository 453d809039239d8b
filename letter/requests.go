package letter

import (
	"context"
	"encoding/json"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// handlers says which event calls for which letters.
func (s *Sender) handlers() map[audit.Verb]func(context.Context, audit.Event) ([]outgoing, error) {
	return map[audit.Verb]func(context.Context, audit.Event) ([]outgoing, error){
		member.EventInvited:                    s.invitation,
		member.EventResent:                     s.invitation,
		member.EventWithdrawn:                  s.withdrawn,
		approval.EventApproved:                 s.decided,
		approval.EventRejected:                 s.decided,
		approval.EventVoided:                   s.decided,
		miniprogram.EventArchived:              s.archived,
		miniprogram.EventForceRemoved:          s.notice,
		miniprogram.EventWarned:                s.notice,
		miniprogram.EventRectificationRequired: s.notice,
		workspace.EventRemoved:                 s.closed,
		signin.EventReset:                      s.reset,
	}
}

// decided is for a request that somebody else than its submitter ended.
func (s *Sender) decided(ctx context.Context, e audit.Event) ([]outgoing, error) {
	r, err := s.platform.Approvals.Get(ctx, letters, id.Request{UUID: e.Object.ID})
	if err != nil || r.Submitter == "" || r.Submitter == r.Decider {
		return nil, err
	}
	w, err := s.workspace(ctx, e)
	if err != nil {
		return nil, err
	}
	l := Letter{Workspace: w.name, Request: r.Kind, Reason: r.Answer}
	switch e.Verb {
	case approval.EventApproved:
		l.Kind = RequestApproved
	case approval.EventRejected:
		l.Kind = RequestRejected
	default:
		l.Kind = RequestVoid
	}
	if l.About, err = s.about(ctx, r.Request, w); err != nil {
		return nil, err
	}
	if s.options.Request != nil {
		l.Link = s.options.Request(r.ID)
	}
	to := receiver{account: r.Submitter}
	active := false
	if to.known, active, err = s.known(ctx, r.Request); err != nil {
		return nil, err
	}
	// Why: who was blocked or removed meanwhile has lost sight of the request. Whoever
	// applies for a workspace is in none, and a workspace that is gone has no members.
	if !active && !w.removed && r.Kind != approval.DeveloperWorkspace {
		return nil, nil
	}
	return s.address(ctx, l, w.tenant, to)
}

// about names what a request is about.
func (s *Sender) about(ctx context.Context, r approval.Request, w place) (string, error) {
	if r.Kind == approval.DeveloperWorkspace {
		var frozen struct {
			Name string `json:"name"`
		}
		return frozen.Name, json.Unmarshal(r.Frozen, &frozen)
	}
	if r.MiniProgram.IsZero() || w.removed {
		return w.name, nil
	}
	p, err := s.platform.MiniPrograms.Get(ctx, letters, r.MiniProgram)
	if err != nil || r.Kind != approval.VersionRelease {
		return p.Name, err
	}
	v, err := s.platform.MiniPrograms.Version(ctx, letters, id.Version{UUID: r.Object.ID})
	return p.Name + " " + v.Number, err
}

// known returns what the platform knows of a request's submitter as a member, which is
// nothing of who is none, and whether he is an active one.
func (s *Sender) known(ctx context.Context, r approval.Request) (a Address, active bool, err error) {
	for req := (page.Request{}); ; {
		found, err := s.platform.Members.Mine(ctx, rbac.User(r.Submitter), req)
		if err != nil {
			return a, active, err
		}
		for _, m := range found.Items {
			if m.Status == member.StatusActive && (m.Workspace == r.Workspace || m.Workspace == r.Tenant && !active) {
				a, active = Address{m.Name, m.Email}, true
			}
		}
		if found.Next == "" {
			return a, active, nil
		}
		req.After = found.Next
	}
}
