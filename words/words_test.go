package words_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/words"
	"github.com/superapp-go/superapp/workspace"
)

var (
	english = words.For(language.English)
	chinese = words.For(language.SimplifiedChinese)
)

// TestEveryCodeHasAName holds whatever the library has a code for against both
// languages.
func TestEveryCodeHasAName(t *testing.T) {
	t.Parallel()
	for _, w := range []*words.Words{english, chinese} {
		t.Run(w.Language().String(), func(t *testing.T) {
			t.Parallel()
			named := func(code, name string) {
				t.Helper()
				require.NotEmpty(t, name, code)
				require.NotEqual(t, code, name, "no text for %q", code)
				if w == chinese {
					require.True(t, strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }), "%s: %q is not Chinese", code, name)
				}
			}
			for _, r := range rbac.Roles() {
				named(string(r.Role), w.Role(r.Role))
			}
			for _, p := range rbac.BuiltIn().Permissions() {
				named(p.Name(), w.Permission(p.Name()))
			}
			for s := rbac.Pending; s <= rbac.Removed; s++ {
				named(s.String(), w.WorkspaceStatus(s))
			}
			for _, k := range []workspace.Kind{workspace.Tenant, workspace.Developer} {
				named(k.String(), w.WorkspaceKind(k))
			}
			for _, s := range member.Statuses() {
				named(string(s), w.MemberStatus(s))
				for _, a := range member.OpenActions(s) {
					named(string(a), w.MemberAction(a))
				}
			}
			for _, s := range member.LinkStatuses() {
				named(string(s), w.LinkStatus(s))
				for _, a := range member.OpenLinkActions(s) {
					named(string(a), w.LinkAction(a))
				}
			}
			for _, s := range []member.TokenState{member.TokenOpen, member.TokenSuperseded, member.TokenWithdrawn, member.TokenSpent,
				member.TokenExpired, member.TokenWorkspaceClosed, member.TokenNotEntitled} {
				named(string(s), w.TokenState(s))
			}
			for _, s := range []miniprogram.Status{miniprogram.InDevelopment, miniprogram.Published, miniprogram.Offline, miniprogram.Archived} {
				named(string(s), w.MiniProgramStatus(s))
			}
			for _, x := range miniprogram.Transitions() {
				named(string(x.From), w.VersionStatus(x.From))
				named(string(x.To), w.VersionStatus(x.To))
				named(string(x.Move), w.VersionMove(x.Move))
			}
			for _, k := range []approval.Kind{approval.VersionRelease, approval.Removal, approval.FeatureActivation,
				approval.DeveloperWorkspace, approval.WorkspaceChange} {
				named(string(k), w.RequestKind(k))
			}
			for _, s := range []approval.Status{approval.InReview, approval.Approved, approval.Rejected, approval.Withdrawn, approval.Void} {
				named(string(s), w.RequestStatus(s))
			}
		})
	}
}

// docs/errors.md lists every sentinel of the source, which a test there sees to.
func TestEveryErrorHasAMessage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/errors.md")
	require.NoError(t, err)
	codes := regexp.MustCompile("(?m)^\\| `([a-z]+\\.[a-z0-9_]+)` \\|").FindAllStringSubmatch(string(page), -1)
	require.Greater(t, len(codes), 90)
	for _, w := range []*words.Words{english, chinese} {
		for _, found := range codes {
			text, ok := w.Text("error." + found[1])
			if !ok || text == "" {
				t.Errorf("words/texts/%s-errors.txt has no line for error.%s: add what a user is to read", w.Language(), found[1])
			}
		}
		for _, k := range fault.Kinds() {
			require.NotEqual(t, w.Error(errors.New("foreign")), w.Error(k), k)
		}
		for _, reason := range []string{"required", "too_long", "too_short", "malformed", "unknown", "not_allowed", "duplicate"} {
			require.NotEqual(t, reason, w.Problem(fault.Problem{Reason: reason}))
		}
	}
}

func TestUnknownNamesAreTheirCode(t *testing.T) {
	t.Parallel()
	require.Equal(t, "cashier", chinese.Role("cashier"))
	require.Equal(t, "loyalty.manage", chinese.Permission("loyalty.manage"))
	require.Equal(t, "x[2].y", english.Field("x[2].y"))
	require.Equal(t, "Kind of contact", english.Field("contacts[2].kind"))
	require.Equal(t, "QR codes, Parameter name", english.Field("codes[2].params[0].key"))
	require.Equal(t, "二维码的页面", chinese.Field("codes[2].page"))
	require.Equal(t, "codes[2].y", english.Field("codes[2].y"))
}

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := words.Parse(strings.NewReader("# notes\r\n\r\nrole.a =  A = B \r\nlist.x = ,\\s\nlist.y = a\\nb\n"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"role.a": "A = B", "list.x": ", ", "list.y": "a\nb"}, got)

	_, err = words.Parse(strings.NewReader("role.a = A\nnothing\nrole.a = B\n"))
	require.EqualError(t, err, "words: parse: line[2]: want key = text; line[3]: the key stands here a second time")
	_, err = words.Parse(strings.NewReader(strings.Repeat("x", 1<<20)))
	require.Error(t, err)
}

// Both files have the same keys, and each Chinese text fills in exactly what the
// English one does.
func TestLanguagesCoverTheSame(t *testing.T) {
	t.Parallel()
	require.Empty(t, words.BuiltIn().Missing(language.SimplifiedChinese))
	for _, key := range words.BuiltIn().Keys() {
		var args []any
		for n := range 6 {
			args = append(args, argument(71+n))
		}
		en, ok := english.Text(key, args...)
		require.True(t, ok)
		zh, ok := chinese.Text(key, args...)
		require.True(t, ok)
		require.NotEmpty(t, en, key)
		require.NotEmpty(t, zh, key)
		require.NotContains(t, en+zh, "%!", key)
		for _, a := range args {
			require.Equal(t, strings.Contains(en, fmt.Sprint(a)), strings.Contains(zh, fmt.Sprint(a)), "%s: %q, %q", key, en, zh)
		}
	}
}

// An argument can be filled in as a text and as a number.
type argument int

func (a argument) String() string { return strconv.Itoa(int(a)) }

func TestErrorsWithFigures(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		err    error
		en, zh string
	}{
		{"a state and what is open", &member.StateError{Action: member.ActionResend, Status: member.StatusActive, Open: member.OpenActions(member.StatusActive)},
			"“Resend” is not possible: the status is “Active”. Possible now: Block, Set role, Delete, Leave.",
			"无法执行“重新发送邀请”：当前状态为“正常”。可执行的操作：冻结、设置角色、删除、退出空间。"},
		{"a final state", &member.StateError{Action: member.ActionBlock, Status: member.StatusDeleted},
			"“Block” is not possible: the status is “Deleted”, which is final.", "无法执行“冻结”：当前状态为“已删除”，已终结。"},
		{"a ceiling", &member.CeilingError{Permissions: []string{"member.invite", "audit.view"}},
			"This goes beyond what you hold yourself: Invite members, View the audit trail.", "超出了你自身的权限：邀请成员、查看操作日志。"},
		{"somebody present", &member.PresentError{Status: member.StatusInactive},
			"This person is already a member of the workspace, but blocked. Unblock the member instead.", "该用户已是空间成员但被冻结，可直接恢复该成员。"},
		{"a percent sign", &miniprogram.PercentError{Percent: 20, Wanted: 10},
			"The share of users can only grow: it is 20%, and you asked for 10%.", "灰度比例只能增大：当前为 20%，你设置的是 10%。"},
		{"numbers of versions", &miniprogram.VersionOrderError{Number: "1.0.0", Latest: "1.2.0"},
			"Version 1.0.0 is not higher than 1.2.0, the latest. Raise the number.", "版本 1.0.0 不高于最新版本 1.2.0，请提高版本号。"},
		{"what is missing", &miniprogram.IncompleteError{Gaps: []miniprogram.Gap{{Field: "logo"}, {Field: "tagline", Language: "en"}}, Note: "zh-Hans", Uncovered: []string{"pay"}},
			"Missing: Logo, Tagline (English), Release note (Simplified Chinese), a feature with the JSAPI pay.",
			"缺少以下内容：图标、一句话简介（英语）、版本说明（简体中文）、包含 JSAPI pay 的功能。"},
		{"a removal that is in review", &miniprogram.RemovalError{Request: id.Request{UUID: id.UUID{1}}},
			"The request to remove the mini program is in review. Wait for the decision.", "移除申请正在审核中，请等待审核结果。"},
		{"a removal that nobody asked for", &miniprogram.RemovalError{},
			"The removal of the mini program was not approved. Request it first.", "移除申请尚未通过，请先提交移除申请。"},
		{"an upload that is too recent", &workspace.RemovalError{Activity: workspace.Activity{LastUpload: at, LastUploadTo: "Coffee"}, Until: at.Add(720 * time.Hour)},
			"The workspace cannot be removed before 4 February 2026, 09:00 UTC: a version of Coffee was uploaded on 5 January 2026, 09:00 UTC.",
			"2026年2月4日 09:00（UTC）前无法移除该空间：“Coffee”于 2026年1月5日 09:00（UTC）上传过版本。"},
		{"a request that has ended", &approval.StateError{Status: approval.Void},
			"The request has already ended. Its status: Void.", "该申请已结束，当前状态：已失效。"},
		{"a form", fault.Join(fault.Invalid("name", "too_long", "want at most 1000 characters, got 1200"), fault.Invalid("email", "required", "want an address"),
			fault.Invalid("percent", "not_allowed", "want 1 to 100, got 0")),
			"Some of what you entered is not valid: Name: At most 1,000 characters, you entered 1,200; Email: Required; Share of users: From 1 to 100, you gave 0.",
			"填写的内容有误：名称：最多 1,000 个字符，当前 1,200 个；邮箱：必填；灰度比例：取值范围为 1 至 100，当前为 0。"},
		{"a sentinel under its operation", errors.Join(member.ErrLastAdmin), english.Error(member.ErrLastAdmin), "空间至少需保留一位有效的管理员，请先将其他成员设为管理员。"},
		{"a kind without a code", fault.ErrLimit, "A limit has been reached.", "已达到上限。"},
		{"a code that nothing is said of", fault.Define(fault.ErrConflict, "host.own", "own"), "Someone else made a change at the same time. Please try again.", "其他人刚刚进行了修改，请重试。"},
		{"a foreign error", context.Canceled, "Something went wrong. Please try again later.", "出错了，请稍后再试。"},
		{"none", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.en, english.Error(c.err))
			require.Equal(t, c.zh, chinese.Error(c.err))
		})
	}
}

func TestDenialsNameThePermission(t *testing.T) {
	t.Parallel()
	facts := rbac.Facts{Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
		Home: rbac.Membership{Presence: rbac.Active, Role: rbac.WorkspaceReviewer.Key()}}
	denied := func(f rbac.Facts) error { return rbac.BuiltIn().Decide(rbac.User("u"), f, rbac.InviteMember).Err() }
	require.Equal(t, "Your role does not include this permission: Invite members.", english.Error(denied(facts)))
	facts.Home.Role, facts.TenantStatus = rbac.WorkspaceAdmin.Key(), rbac.Disabled
	require.Equal(t, "空间当前状态不支持此操作：已停用。", chinese.Error(denied(facts)))
}

// Printers are shared by all readers.
func TestWordsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := chinese.Error(&miniprogram.PercentError{Percent: 1000, Wanted: 7}); !strings.Contains(got, "1,000%") {
					t.Error(got)
				}
			}
		})
	}
	wg.Wait()
}
