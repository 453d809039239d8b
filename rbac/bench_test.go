package rbac_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// onMerchantProgram are the facts of somebody on a merchant's mini program.
func onMerchantProgram(role, team rbac.Role, assigned bool) rbac.Facts {
	return rbac.Facts{
		Found:       true,
		Owner:       id.Workspace{UUID: id.UUID{2}},
		Tenant:      id.Workspace{UUID: id.UUID{1}},
		OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
		MiniProgram: id.MiniProgram{UUID: id.UUID{3}},
		Home:        rbac.Membership{Presence: rbac.Active, Role: role.Key(), Assigned: assigned},
		Team:        team.Key(),
	}
}

// uploader is an own role with what a developer has.
var uploader = column(rbac.BuiltIn(), rbac.Developer)

// decisions are what is measured: the ways through the evaluator.
var decisions = []struct {
	name       string
	facts      rbac.Facts
	permission rbac.Permission
	allowed    bool
}{
	{"allowed_by_role", onMerchantProgram(rbac.Developer, "", true), rbac.UploadVersion, true},
	{"allowed_by_team", onMerchantProgram(rbac.Developer, rbac.MiniProgramAdmin, true), rbac.SubmitVersion, true},
	{"denied_role", onMerchantProgram(rbac.Developer, "", true), rbac.BlockMember, false},
	{"denied_scope", onMerchantProgram(rbac.Developer, "", false), rbac.UploadVersion, false},
	{"allowed_by_own_role", withRole(onMerchantProgram("", "", true), uploader), rbac.UploadVersion, true},
	{"denied_own_role", withRole(onMerchantProgram("", "", true), uploader), rbac.BlockMember, false},
	{"denied_stranger", rbac.Facts{Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified}, rbac.UploadVersion, false},
	{"denied_not_found", rbac.Facts{}, rbac.UploadVersion, false},
}

func TestDecideAllocatesNothing(t *testing.T) {
	actor, m := rbac.User("u-42"), rbac.BuiltIn()
	for _, c := range decisions {
		t.Run(c.name, func(t *testing.T) {
			allowed := !c.allowed
			require.Zero(t, testing.AllocsPerRun(100, func() {
				allowed = m.Decide(actor, c.facts, c.permission).Allowed
			}))
			require.Equal(t, c.allowed, allowed)
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	actor, m := rbac.User("u-42"), rbac.BuiltIn()
	for _, c := range decisions {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m.Decide(actor, c.facts, c.permission).Allowed != c.allowed {
					b.Fatal("decided wrongly")
				}
			}
		})
	}
}
