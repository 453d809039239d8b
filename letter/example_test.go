package letter_test

import (
	"context"
	"fmt"
	"log"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

func ExampleSender_Handle() {
	ctx, operator := context.Background(), rbac.System("setup")
	p, err := superapp.New(memory.New(), &superapp.Options{Members: &member.Options{Letters: true}})
	check(err)
	var box lettertest.Mailbox
	sender, err := letter.New(p, &box, letter.Options{
		From:       letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"},
		Invitation: func(t member.Token) string { return "https://console.wallet.example/join?token=" + t.Reveal() },
	})
	check(err)

	opened, token, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name:     "Riverbank Wallet",
		Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "office@wallet.example"},
		Admin:    member.First{Email: "ada@wallet.example", Name: "Ada"},
	})
	check(err)
	fmt.Printf("token %q\n", token.Reveal())

	trail, err := p.Audit.List(ctx, operator, audit.Filter{Workspace: opened.Workspace.ID}, page.Request{})
	check(err)
	for _, e := range trail.Items {
		check(sender.Handle(ctx, e))
	}
	for _, m := range box.Messages() {
		fmt.Println(m.To.Email, "|", m.Subject)
	}
	// Output:
	// token ""
	// ada@wallet.example | You are invited to Riverbank Wallet
}

func ExampleMaker_Make() {
	m, err := letter.NewMaker(nil).Make(letter.Letter{
		Kind: letter.Warned, To: letter.Address{Name: "王小明", Email: "ming@coffee.example"},
		Languages: []language.Tag{language.MustParse("zh-CN")}, MiniProgram: "咖啡外带", Workspace: "转角咖啡", Reason: "无法退款",
	}, letter.Brand{Name: "Riverbank Wallet"})
	check(err)
	fmt.Println(m.Subject)
	// Output: 关于小程序“咖啡外带”的警告
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
