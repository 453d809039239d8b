package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/rbac"
)

// inReview returns the request of a kind about an object that is in review.
func (d Dossier) inReview(k approval.Kind, on rbac.Object) (r approval.Request, found bool) {
	return d.request(k, on, approval.InReview)
}

func (d Dossier) request(k approval.Kind, on rbac.Object, status approval.Status) (r approval.Request, found bool) {
	for _, r := range d.Requests {
		if r.Kind == k && r.Object == on && r.Status == status {
			return r, true
		}
	}
	return r, false
}

// ask submits a request about the mini program; approval.ErrOpen if there is one in
// review.
func (c *change) ask(ctx context.Context, r approval.Request) (approval.Request, error) {
	if _, open := c.inReview(r.Kind, r.Object); open {
		return r, approval.ErrOpen
	}
	r.MiniProgram, r.Workspace, r.Tenant = c.MiniProgram.ID, c.MiniProgram.Workspace, c.MiniProgram.Tenant
	r.Status, r.Submitter, r.SubmittedAt = approval.InReview, c.actor.Account(), c.now
	return r, approval.Submit(ctx, c.tx, c.actor, r)
}
