package testkit

import (
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// ask asks for another address of the merchant.
func (r *race) ask(p *superapp.Platform, address string) (approval.Request, error) {
	return p.Workspaces.RequestChange(r.Context(), r.As(rbac.DeveloperAdmin), r.Merchant, workspace.Change{
		Name:     "Corner Coffee",
		Business: workspace.Business{Company: "Corner Coffee Ltd", Address: address, Scope: "coffee", Email: "office@coffee.example"},
	}, "")
}

func oneDecides(r *race) {
	asked, err := r.ask(r.Platform, "5 New Road")
	r.ok(err)
	winner := r.one(func(i int, p *superapp.Platform) (err error) {
		switch i / 3 % 3 {
		case 0:
			_, err = p.Approvals.Decide(r.Context(), superapptest.System, asked.ID, approval.Decision{Approve: true})
		case 1:
			_, err = p.Approvals.Decide(r.Context(), superapptest.System, asked.ID, approval.Decision{Reason: "no such road"})
		case 2:
			_, err = p.Approvals.Withdraw(r.Context(), r.As(rbac.DeveloperAdmin), asked.ID, "")
		}
		return err
	}, approval.ErrState)
	end, err := r.Approvals.Get(r.Context(), superapptest.System, asked.ID)
	r.ok(err)
	r.same("what became of it", end.Status, []approval.Status{approval.Approved, approval.Rejected, approval.Withdrawn}[winner/3%3])
	r.same("how many ended it", r.events(approval.EventApproved)+r.events(approval.EventRejected)+r.events(approval.EventWithdrawn), 1)
	changed := 0
	if end.Status == approval.Approved {
		changed = 1
	}
	r.same("how often it took effect", r.events(workspace.EventChanged), changed)
}

func oneAsks(r *race) {
	r.one(func(i int, p *superapp.Platform) error {
		_, err := r.ask(p, fmt.Sprint(i, " New Road"))
		return err
	}, approval.ErrOpen)
}

func oneApplies(r *race) {
	by := rbac.User("acc-mo")
	r.one(func(i int, p *superapp.Platform) error {
		_, err := p.Apply(r.Context(), by, r.Tenant, superapp.Application{
			Name: fmt.Sprint("Market ", i), Applicant: "Mo",
			Business: workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"},
		}, "")
		return err
	}, approval.ErrOpen)
	mine, err := r.Approvals.Mine(r.Context(), by, approval.Filter{}, page.Request{})
	r.ok(err)
	r.same("how many are in review", len(mine.Items), 1)
}
