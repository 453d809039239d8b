package member_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/superapp-go/superapp/member"
)

const people = `Name,E-mail,role
Rob,rob@example.com,workspace_reviewer
`

func ExampleReadCSV() {
	for row, err := range member.ReadCSV(strings.NewReader("name,email,role\nRob,rob@example.com,workspace_reviewer\nEve\n")) {
		fmt.Println(row.Line, row.Invite.Email, err)
	}
	for _, err := range member.ReadCSV(strings.NewReader(people)) {
		fmt.Println(err)
	}
	// Output:
	// 2 rob@example.com <nil>
	// 3  line 3: want 3 columns, got 1
	// line 1, column 6: unknown column: want email, name, role and mini_programs, separated by commas
}

func ExampleBulkService_Plan() {
	p, w, ada := wallet()
	verdicts, err := p.Bulk.Plan(context.Background(), ada, member.Bulk{Workspace: w, Rows: member.ReadCSV(strings.NewReader(
		"email,name,role\nrob@example.com,Rob,workspace_reviewer\nROB@example.com,Robert,workspace_operator\neve@example.com,Eve,emperor\n"))})
	check(err)
	for _, v := range verdicts {
		fmt.Println(v.Line, v.State, v.Err)
	}
	// Output:
	// 2 planned <nil>
	// 3 refused the address is in line 2 as well
	// 4 refused role: no such role: "emperor"; want one of workspace_admin, workspace_reviewer, workspace_developer, workspace_operator, mini_program_inspector, or the code of an own role
}

func ExampleBulkService_Send() {
	ctx := context.Background()
	p, w, ada := wallet()
	file := "email,name,role\nrob@example.com,Rob,workspace_reviewer\neve@example.com,Eve,workspace_reviewer\n"
	for range 2 {
		verdicts, err := p.Bulk.Send(ctx, ada, member.Bulk{
			Workspace: w, Key: "team of June", Rows: member.ReadCSV(strings.NewReader(file)),
			Progress: func(p member.BulkProgress) { fmt.Println(p.Done, "of", p.Total) },
		})
		check(err)
		for _, v := range verdicts {
			fmt.Println(v.Line, v.State)
		}
	}
	// Output:
	// 2 of 2
	// 2 sent
	// 3 sent
	// 2 of 2
	// 2 sent_earlier
	// 3 sent_earlier
}
