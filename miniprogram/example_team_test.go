package miniprogram_test

import (
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// self is Ada's place on a team.
func self(p *superapp.Platform, of id.MiniProgram) miniprogram.TeamMember {
	eligible, err := p.MiniPrograms.Eligible(ctx, ada, of, page.Request{})
	check(err)
	return eligible.Items[0]
}

func ExampleService_Eligible() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	eligible, err := p.MiniPrograms.Eligible(ctx, ada, cards, page.Request{})
	check(err)
	for _, m := range eligible.Items {
		fmt.Println(m.Name, m.WorkspaceRole, m.Role)
	}
	// Output: Ada workspace_admin mini_program_admin
}

// An admin of the workspace may leave a team without a mini program admin.
func ExampleService_SetTeamRole() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]

	m, err := p.MiniPrograms.SetTeamRole(ctx, ada, cards, self(p, cards).Member, rbac.MiniProgramDeveloper)
	check(err)
	fmt.Println(m.Name, "is", m.Role)
	// Output: Ada is mini_program_developer
}

func ExampleService_RemoveTeam() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	me := self(p, cards).Member

	check(p.MiniPrograms.RemoveTeam(ctx, ada, cards, me))
	team, err := p.MiniPrograms.Team(ctx, ada, cards, page.Request{})
	check(err)
	fmt.Println(len(team.Items))
	// Output: 0
}

func ExampleService_AddTeam() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	me := self(p, cards).Member
	check(p.MiniPrograms.RemoveTeam(ctx, ada, cards, me))

	m, err := p.MiniPrograms.AddTeam(ctx, ada, cards, me, rbac.MiniProgramAdmin)
	check(err)
	fmt.Println(m.Name, "is", m.Role)
	// Output: Ada is mini_program_admin
}

func ExampleService_Configuration() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.Configure(ctx, ada, cards, miniprogram.Configuration{Servers: []string{"api.cards.example"}})
	check(err)

	c, err := p.MiniPrograms.Configuration(ctx, ada, cards)
	check(err)
	fmt.Println(c.Servers)
	// Output: [api.cards.example]
}

func ExampleService_DeleteLogo() {
	p, tenant := town()
	cards := shops(p, tenant, "Travel Cards")[0]
	_, err := p.MiniPrograms.SetLogo(ctx, ada, cards, square(256))
	check(err)

	check(p.MiniPrograms.DeleteLogo(ctx, ada, cards))
	fmt.Println(p.MiniPrograms.DeleteLogo(ctx, ada, cards))
	// Output: miniprogram: delete logo: the mini program has no logo
}
