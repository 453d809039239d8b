package main

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/unit"
)

// start runs the program and returns what it printed.
func start(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	require.Equal(t, code, run(args, &out, &err), "stderr: %s", &err)
	return out.String(), err.String()
}

// news are the lines about what happened in a run.
func news(out string) (lines []string) {
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "   +  ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// from returns what was printed from a text on.
func from(t *testing.T, out, text string) string {
	t.Helper()
	_, rest, found := strings.Cut(out, text)
	require.True(t, found, "no %q in:\n%s", text, out)
	return rest
}

func TestRunTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	out, errs := start(t, 0, "-dir", dir)
	require.Empty(t, errs)
	for _, want := range []string{
		"Lantern Pay  verified by the platform operator",
		"Kopi Lane         opened by Tan Mei Lin; Siti Rahma was invited and is its admin",
		"+  老城外卖           of Old Town Noodles  dsl, zh-Hans  versions: 1.0.0, 1.1.0",
		"token=[redacted]",
		"李娜          as developer               of Old Town Noodles  invited, accepted",
		"invited, withdrawn by 陈玉兰",
		"the clock of this example is put forward to",
		"Priya Menon  of Old Town Noodles  expired, sent again by 陈玉兰",
		"Noor Aziz     of Lantern Pay       blocked by Tan Mei Lin for a lost phone, unblocked",
		"Arjun Nair   workspace_reviewer   active           block, set_role, delete",
		"Jonas Weber  workspace_developer  invitation_sent  resend, withdraw",
		"Anong Suk        developer        inactive  unblock, set_role, delete",
		"version.upload allowed: role developer grants it on assigned mini programs",
		"not here; assign the mini program to the member",
		"make the member mini_program_admin on its team",
		"miniprogram.view allowed: tenant role workspace_admin grants it in the whole tenant",
		"version.upload denied: the member is blocked; unblock the member",
		"or no such object; have the caller join the object's workspace",
		"Refused: the workspace cannot be removed yet: a version of Pesan Kopi was uploaded at",
		"events, unbroken",
	} {
		require.Contains(t, out, want)
	}
	require.Equal(t, 10, strings.Count(out, "?\n     "), "ten questions")
	require.Less(t, strings.Count(out, "\n"), 100)
}

func TestRunAgainGoesOnFromWhatIsStored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, _ := start(t, 0, "-dir", dir)
	second, _ := start(t, 0, "-dir", dir)
	third, _ := start(t, 0, "-dir", dir)
	require.NotEmpty(t, news(first))
	require.Empty(t, news(second))
	require.Equal(t, second, third)
	const lists = "7. The member lists"
	ofThat := func(out string) string {
		return strings.ReplaceAll(from(t, out, lists), "+  table-7.png", "=  table-7.png")
	}
	require.Equal(t, ofThat(first), ofThat(second), "the same state, answers, trails and picture")
}

func TestPictureLeadsToTheMiniProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, _ := start(t, 0, "-dir", dir)
	f, err := os.Open(filepath.Join(dir, "table-7.png"))
	require.NoError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(t, err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	got, err := zxing.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	require.NoError(t, err)
	require.Regexp(t, `^https://lanternpay\.example/open\?appId=[0-9a-f-]{36}&page=pages%2Fmenu&query=table%3D7%26place`, got.GetText())
	require.Contains(t, out, got.GetText(), "the link that is printed")
}

func TestRunWithMoreInTheFileAddsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start(t, 0, "-dir", dir)
	out, _ := start(t, 0, "-dir", dir, "-data", changed(t, `"versions": ["2.3.0"]`, `"versions": ["2.3.0", "2.4.0"]`))
	require.Len(t, news(out), 1)
	require.Contains(t, news(out)[0], "versions: 2.3.0, 2.4.0")
}

func TestRemovalThatNothingStandsInTheWayOfIsOnlyTried(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := changed(t, `["2.3.0"]`, `[]`)
	for range 2 {
		out, _ := start(t, 0, "-dir", dir, "-data", data)
		require.Contains(t, out, "so nothing is removed")
	}
}

func TestRunRefusesWhatContradictsTheStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before, _ := start(t, 0, "-dir", dir)
	for _, c := range []struct{ name, old, new, want string }{
		{"another account", `"account": "arjun.nair"`, `"account": "arjun"`, "wallet.people[0]: stored is another account"},
		{"another admin", `"siti.rahma@kopilane.example"`, `"siti@kopilane.example"`, "merchants[1].admin: the stored workspace has another admin"},
		{"lower version", `["2.3.0"]`, `["2.2.0"]`, "merchants[1].mini_programs[0]: versions[0]: miniprogram: upload version: version 2.2.0 is not greater than 2.3.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(string(builtIn), c.old, c.new, 1)
			if c.name == "another account" {
				text = strings.ReplaceAll(text, `"who": "arjun.nair"`, `"who": "arjun"`)
			}
			_, errs := start(t, 1, "-dir", dir, "-data", file(t, text))
			require.Contains(t, errs, c.want)
		})
	}
	after, _ := start(t, 0, "-dir", dir)
	require.Equal(t, from(t, before, "7."), strings.Replace(from(t, after, "7."), "=  table-7.png", "+  table-7.png", 1))
}

func TestRunUsage(t *testing.T) {
	t.Parallel()
	_, errs := start(t, 0, "-h")
	require.Contains(t, errs, "-data FILE")
	_, errs = start(t, 2, "-colour")
	require.Contains(t, errs, "flag provided but not defined")
	_, errs = start(t, 2, "here")
	require.Contains(t, errs, `unexpected argument "here": a directory goes behind -dir`)
	_, errs = start(t, 2, "-data", filepath.Join(t.TempDir(), "none.json"))
	require.Contains(t, errs, "none.json")
	_, errs = start(t, 1, "-dir", file(t, "no directory"))
	require.Contains(t, errs, "not a directory")
}

// An output that fails must not look like success; the next run goes on.
func TestRunAfterFailedWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var errs bytes.Buffer
	require.Equal(t, 1, run([]string{"-dir", dir}, &shortDisk{left: 1500}, &errs))
	require.Contains(t, errs.String(), "no space left")
	out, _ := start(t, 0, "-dir", dir)
	require.Contains(t, out, "=  Lantern Pay  is verified", "what the first run did")
	require.Contains(t, out, "+  table-7.png", "what it did not come to")
}

type shortDisk struct{ left int }

func (d *shortDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

// A run may be interrupted before or after any of its units of work: the next
// one comes to the same end as a run that was not.
func TestInterruptedAnywhere(t *testing.T) {
	t.Parallel()
	data, err := load("")
	require.NoError(t, err)
	told := func(store storage.Store) (string, error) {
		var out bytes.Buffer
		err := tell(t.Context(), store, data, &out, func(string, qrcode.Code) error { return nil })
		return out.String(), err
	}
	want := func() string {
		store := memory.New()
		_, err := told(store)
		require.NoError(t, err)
		out, err := told(store)
		require.NoError(t, err)
		return out
	}()
	for _, lost := range []bool{false, true} {
		for n := 0; ; n++ {
			store := memory.New()
			_, err := told(&interrupted{Store: store, left: n, lost: lost})
			if err == nil {
				require.Greater(t, n, 40, "units of work in a run")
				break
			}
			require.ErrorIs(t, err, errInterrupted, "after %d units", n)
			_, err = told(store)
			require.NoError(t, err, "after %d units", n)
			out, err := told(store)
			require.NoError(t, err)
			require.Empty(t, news(out), "after %d units", n)
			require.Equal(t, timeless(want), timeless(out), "after %d units", n)
		}
	}
}

var moments = regexp.MustCompile(`\d+ events|\d+ \w+ \d{4}, \d\d:\d\d UTC|\d{4}-\d\d-\d\d \d\d:\d\d UTC|appId=[0-9a-f-]{36}`)

// timeless replaces what differs from run to run: times, ids, and the number of
// events, since an invitation whose token was lost is sent once more.
func timeless(out string) string { return moments.ReplaceAllString(out, "…") }

// An interrupted store fails from its n-th unit of work on; with lost, that one
// is committed all the same, and only its outcome is lost.
type interrupted struct {
	storage.Store
	left int
	lost bool
}

var errInterrupted = errors.New("interrupted")

func (s *interrupted) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if s.left--; s.left < 0 {
		if s.lost && s.left == -1 {
			_ = s.Store.Update(ctx, scope, fn)
		}
		return errInterrupted
	}
	return s.Store.Update(ctx, scope, fn)
}
