package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheLettersArrive(t *testing.T) {
	t.Parallel()
	for _, html := range []bool{false, true} {
		var out bytes.Buffer
		if err := run(t.Context(), &out, html); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`The token that she gets: ""`, "To: 王小明 <ming@coffee.example>", "Subject: Ada邀请你加入“转角咖啡”", "token=…",
			"Subject: 提醒：", "He opens the first link after all: member: accept invitation: a newer invitation was sent",
			"He opens the second link, and is in.", "Subject: 未通过：“咖啡外带”的小程序移除申请", "请先告知用户",
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("html %t: %q is missing in:\n%s", html, want, out.String())
			}
		}
		if found := regexp.MustCompile(`token=[\w-]{43}`).FindString(out.String()); found != "" {
			t.Errorf("a secret is shown: %s", found)
		}
		if got := strings.Count(out.String(), "| Subject: "); got != 3 {
			t.Errorf("%d letters, want 3", got)
		}
	}
}

func TestTheOutputIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	var first string
	ids := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	for range 5 {
		var out bytes.Buffer
		if err := run(t.Context(), &out, false); err != nil {
			t.Fatal(err)
		}
		shown := ids.ReplaceAllString(out.String(), "…")
		if first == "" {
			first = shown
			paper, err := os.ReadFile("../../docs/letters.md")
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(string(paper), "```text\n")
			quoted, _, ok := strings.Cut(rest, "```")
			if !ok || !strings.HasPrefix(shown, quoted) {
				t.Errorf("docs/letters.md shows\n%s\nwhich is not how this begins:\n%s", quoted, shown)
			}
		}
		if shown != first {
			t.Errorf("got\n%s\nwant\n%s", shown, first)
		}
	}
}
