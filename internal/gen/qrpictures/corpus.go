package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/superapp-go/superapp/qrcode"
)

// corpus returns pictures for a second decoder to read: those of the
// documentation, every level at many lengths, each kind of text, small pictures
// and large ones.
func corpus() ([]picture, error) {
	docs, err := pictures()
	if err != nil {
		return nil, err
	}
	var all []picture
	for _, p := range docs {
		if filepath.Ext(p.name) == ".png" {
			all = append(all, p)
		}
	}
	add := func(name, link string, style qrcode.Style) {
		all = append(all, picture{name + ".png", link, style, qrcode.Code.WritePNG})
	}
	for _, level := range []qrcode.Level{qrcode.L, qrcode.M, qrcode.Q, qrcode.H} {
		for n := 20; n <= 1270; n = n*5/4 + 3 {
			add(fmt.Sprintf("%s-%d", level, n), long(n), qrcode.Style{Level: level, Exact: true, Module: 4})
		}
	}
	add("longest", long(2048), qrcode.Style{Level: qrcode.L, Module: 4})
	for name, link := range map[string]string{
		"digits": "3141592653589793238462643", "capitals": "HTTPS://W.EXAMPLE/Q/ABC-123", "mixed": "https://w.example/0123456789012/ABCDEFGHIJKL/äé",
		"chinese": "https://w.example/菜单?桌=七", "emoji": "🍜🥢 \u200f", "latin": "https://w.example/café",
	} {
		add(name, link, qrcode.Style{})
	}
	for _, size := range []int{100, 256, 512, 1024} {
		add(fmt.Sprintf("size-%d", size), direct[:60], qrcode.Style{Size: size})
	}
	return all, nil
}

// long returns a link of n bytes.
func long(n int) string { return (direct + strings.Repeat("%26wish%3Dtea", n/13+1))[:n] }

// writeCorpus writes each picture NAME.png with what it should read as NAME.txt.
func writeCorpus(folder string) error {
	all, err := corpus()
	if err != nil {
		return err
	}
	for _, p := range all {
		file, err := p.draw()
		if err != nil {
			return err
		}
		base := filepath.Join(folder, strings.TrimSuffix(p.name, ".png"))
		if err := os.WriteFile(base+".png", file, 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(base+".txt", []byte(p.link), 0o644); err != nil {
			return err
		}
	}
	return nil
}
