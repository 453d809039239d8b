// Command letterpictures draws docs/letters: a picture of each letter in each
// language, and of one in the dark, as a browser shows it. It needs Chromium, and is
// therefore no part of go generate:
//
//	go run ./internal/gen/letterpictures -browser chromium docs/letters
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/rbac"
)

func main() {
	log.SetFlags(0)
	browser := flag.String("browser", "chromium", "the `command` of the browser")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: letterpictures [-browser command] FOLDER")
	}
	for _, p := range pictures() {
		if err := p.draw(context.Background(), *browser, flag.Arg(0)); err != nil {
			log.Fatalf("%s: %v", p.name, err)
		}
	}
}

// A picture is a letter to be drawn.
type picture struct {
	name   string
	letter letter.Letter
	dark   bool
}

// pictures lists every letter in both languages, and the invitation in the dark.
func pictures() (all []picture) {
	for _, tag := range []language.Tag{language.English, language.SimplifiedChinese} {
		for _, k := range letter.Kinds() {
			all = append(all, picture{name: string(k) + "." + tag.String(), letter: sample(k, tag)})
		}
	}
	return append(all, picture{"invitation-dark.en", sample(letter.Invitation, language.English), true})
}

// sample is a letter as it may be in life.
func sample(k letter.Kind, tag language.Tag) letter.Letter {
	l := letter.Letter{
		Kind: k, To: letter.Address{Name: "Dee", Email: "dee@coffee.example"}, Languages: []language.Tag{tag},
		Workspace: "Corner Coffee", Inviter: "Ada", Role: rbac.Developer, MiniPrograms: []string{"Coffee To Go"}, MiniProgram: "Coffee To Go",
		Request: approval.VersionRelease, About: "Coffee To Go 1.2.0", Reason: "The refund page does not open on small screens.",
		Until: time.Date(2026, 1, 8, 9, 0, 0, 0, time.UTC), Link: "https://console.wallet.example/join?token=…",
	}
	if tag == language.SimplifiedChinese {
		l.To.Name, l.Workspace, l.Inviter, l.MiniPrograms, l.MiniProgram = "王小明", "转角咖啡", "李静", []string{"咖啡外带"}, "咖啡外带"
		l.About, l.Reason = "咖啡外带 1.2.0", "小屏手机上无法打开退款页面。"
	}
	if k == letter.RequestApproved {
		l.Reason = ""
	}
	if k != letter.Invitation && k != letter.Resent {
		l.Link = "https://console.wallet.example/"
	}
	return l
}

// draw has the browser draw the letter, and stores the picture.
func (p picture) draw(ctx context.Context, browser, folder string) error {
	m, err := letter.NewMaker(nil).Make(p.letter, letter.Brand{
		Name: "Riverbank Wallet", Colour: "#0b6e4f", Support: "help@wallet.example", Footer: "Riverbank Wallet, 1 River Street",
	})
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "letter")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	page, shot := filepath.Join(work, "letter.html"), filepath.Join(work, "letter.png")
	if err := os.WriteFile(page, []byte(m.HTML), 0o600); err != nil {
		return err
	}
	args := []string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=640,1000",
		"--user-data-dir=" + filepath.Join(work, "profile"), "--screenshot=" + shot}
	if p.dark {
		args = append(args, "--blink-settings=preferredColorScheme=0")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, browser, append(args, "file://"+page)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %.500s", err, out)
	}
	return p.store(shot, filepath.Join(folder, p.name+".png"))
}

// store cuts a picture to what is on it, and stores it small.
func (p picture) store(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	img, err := png.Decode(in)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, small(img))
	if e := out.Close(); err == nil {
		err = e
	}
	return err
}

// small returns the part of a picture that has something on it, in few colours.
func small(img image.Image) *image.Paletted {
	b := img.Bounds()
	for ground := img.At(b.Min.X, b.Max.Y-1); b.Dy() > 1; b.Max.Y-- {
		empty := true
		for x := b.Min.X; x < b.Max.X && empty; x++ {
			empty = img.At(x, b.Max.Y-1) == ground
		}
		if !empty {
			break
		}
	}
	b.Max.Y = min(b.Max.Y+24, img.Bounds().Max.Y)
	return reduced(img, b)
}
