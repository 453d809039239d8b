package words_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
)

// What is wrong with roles, links, passwords and several people at once.
func TestErrorsOfSeveralWithFigures(t *testing.T) {
	t.Parallel()
	taken := &member.PresentError{Status: member.StatusActive}
	sent := member.BulkVerdict{Line: 2, State: member.BulkPlanned}
	for _, c := range []struct {
		name   string
		err    error
		en, zh string
	}{
		{"a lock", &signin.LockedError{Until: time.Date(2026, 1, 5, 9, 0, 1, 0, time.UTC)},
			"Too many wrong passwords. Try again after 5 January 2026, 09:01 UTC, or ask an administrator to unlock you.",
			"密码错误次数过多，请于 2026年1月5日 09:01（UTC）后再试，或联系管理员解锁。"},
		{"a role's ceiling", &role.CeilingError{Permissions: []string{"member.invite", "audit.view"}},
			"You cannot give a role these permissions, which you do not have yourself: Invite members, View the audit trail.",
			"你不能授予自己没有的权限：邀请成员、查看操作日志。"},
		{"a role in use", &role.InUseError{Total: role.Holding{Members: 1200, Links: 1}},
			"The role is held by members or open invitations (1,200), or given by links (1). Change that first.",
			"该角色仍在使用中：成员或待接受的邀请 1,200 个，链接 1 个，请先处理。"},
		{"a link's state", &member.LinkStateError{Action: member.LinkAccept, Status: member.LinkExpired, Open: member.OpenLinkActions(member.LinkExpired)},
			"“Accept” is not possible: the link’s status is “Expired”. Possible now: Renew, Revoke.",
			"无法执行“接受邀请”：链接的当前状态为“已过期”。可执行的操作：更换链接、撤销链接。"},
		{"a link that has ended", &member.LinkStateError{Action: member.LinkRenew, Status: member.LinkRevoked},
			"“Renew” is not possible: the link’s status is “Revoked”, which is final.", "无法执行“更换链接”：链接的当前状态为“已撤销”，已终结。"},
		{"a line of a file", &member.CSVError{Line: 3}, "Line 3 of the CSV file is not as it should be.", "CSV 文件第 3 行的格式不符合要求。"},
		{"a place in a file", &member.CSVError{Line: 3, Column: 14},
			"Line 3 of the CSV file is not as it should be, at byte 14.", "CSV 文件第 3 行第 14 字节处的格式不符合要求。"},
		{"a column of a file", &member.CSVError{Line: 3, Column: 14, Name: "mini_programs", Detail: "not the id of a mini program"},
			"Line 3 of the CSV file is not as it should be. The column: mini_programs.", "CSV 文件第 3 行的格式不符合要求，所在列：mini_programs。"},
		{"an address that is there twice", &member.DuplicateError{Line: 7}, "This address is in line 7 of the list as well.", "该邮箱与名单第 7 行重复。"},
		{"an address that is there twice, without lines", &member.DuplicateError{}, "This address is in the list twice.", "该邮箱在名单中重复出现。"},
		{"rows of a file", &member.BulkError{Verdicts: []member.BulkVerdict{sent, {Line: 3, State: member.BulkRefused, Err: taken}, {Line: 4, State: member.BulkRefused, Err: taken}}},
			"Nobody was invited. Rows in the way: 2 of 3. The first: line 3: This person is already an active member of the workspace. Set the role instead.",
			"未邀请任何人。共 3 行，其中 2 行无法邀请。第一处：第 3 行：该用户已是空间成员，可直接调整其角色。"},
		{"rows without lines", &member.BulkError{Verdicts: []member.BulkVerdict{{}, {State: member.BulkRefused, Err: &member.DuplicateError{}}}},
			"Nobody was invited. Rows in the way: 1 of 2. The first: no. 2: This address is in the list twice.",
			"未邀请任何人。共 2 行，其中 1 行无法邀请。第一处：第 2 项：该邮箱在名单中重复出现。"},
		{"a row that cannot be read", &member.BulkError{Verdicts: []member.BulkVerdict{{Line: 3, State: member.BulkRefused, Err: &member.CSVError{Line: 3}}}},
			"Nobody was invited. Rows in the way: 1 of 1. The first: Line 3 of the CSV file is not as it should be.",
			"未邀请任何人。共 1 行，其中 1 行无法邀请。第一处：CSV 文件第 3 行的格式不符合要求。"},
		{"invitees", &member.BatchError{Verdicts: []member.Verdict{{}, {Err: taken}}},
			"Nobody was invited. Invitees in the way: 1 of 2. The first: no. 2: This person is already an active member of the workspace. Set the role instead.",
			"未邀请任何人。共 2 人，其中 1 人无法邀请。第一处：第 2 项：该用户已是空间成员，可直接调整其角色。"},
		{"members", &member.RolesError{Verdicts: []member.RoleVerdict{{Err: member.ErrLastAdmin}, {Err: member.ErrSelf}}},
			"Nobody was given the role. Members in the way: 2. The first: The workspace must keep at least one active admin. Make someone else an admin first.",
			"未设置任何成员的角色。无法设置的成员数：2。第一处：空间至少需保留一位有效的管理员，请先将其他成员设为管理员。"},
		{"rows of which none is in the way", &member.BulkError{}, "Not everyone could be invited.", "部分人员未能邀请成功。"},
		{"invitees of whom none is in the way", &member.BatchError{}, "Not everyone could be invited.", "部分人员无法邀请。"},
		{"members of whom none is in the way", &member.RolesError{}, "Not every member could be given the role.", "部分成员未能设置该角色。"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrapped := fmt.Errorf("operation: %w", c.err)
			require.Equal(t, c.en, english.Error(wrapped))
			require.Equal(t, c.zh, chinese.Error(wrapped))
		})
	}
}

// An address that is wrong stands in no message, however deep it was found.
func TestMessagesHoldNoAddresses(t *testing.T) {
	t.Parallel()
	wrong := fault.Invalid("email", "malformed", "not an address: dee@people.example")
	for _, err := range []error{
		&member.CSVError{Line: 1, Detail: "dee@people.example"},
		&member.BulkError{Verdicts: []member.BulkVerdict{{Line: 1, State: member.BulkRefused, Err: wrong}}},
		&member.BatchError{Verdicts: []member.Verdict{{Err: fmt.Errorf("dee@people.example: %w", wrong)}}},
		&member.RolesError{Verdicts: []member.RoleVerdict{{Err: fmt.Errorf("dee@people.example")}}},
	} {
		require.False(t, strings.Contains(english.Error(err)+chinese.Error(err), "@"), english.Error(err))
	}
}
