// Command quickstart sets up a whole mini program platform on a SQLite file,
// and tells what it does: a wallet and its merchants open their workspaces,
// people are invited, mini programs are created, rights are asked about, and a
// QR code is drawn.
//
//	go run ./examples/quickstart [-dir DIR] [-data FILE]
//
// Run it again on the same directory and it goes on from what is stored there,
// even if it was interrupted. Names and details come from platform.json, which
// you may copy and change. It exits with 0, with 1 if something failed, and
// with 2 if the arguments or the file are wrong; then nothing was stored.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/sqlite"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "quickstart-data", "keep the database and the pictures in `DIR`")
	file := flags.String("data", "", "read names and details from `FILE` instead of the built-in platform.json")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "quickstart: unexpected argument %q: a directory goes behind -dir\n", flags.Arg(0))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	data, err := load(*file)
	if err == nil {
		err = rehearse(ctx, data)
	}
	if err != nil {
		complain(stderr, cmp.Or(*file, "platform.json"), err)
		return 2
	}
	if err := perform(ctx, *dir, data, stdout, stderr); err != nil {
		complain(stderr, *dir, err)
		return 1
	}
	return 0
}

// rehearse tells the story to nobody, on a store that ends with it: what the
// platform refuses, such as an e-mail address that is none, shows before
// anything is stored.
func rehearse(ctx context.Context, data *Data) error {
	draw := func(_ string, c qrcode.Code) error { return c.WritePNG(io.Discard, nil) }
	return tell(ctx, memory.New(), data, io.Discard, draw)
}

// perform tells the story on the database in the directory.
func perform(ctx context.Context, dir string, data *Data, stdout, stderr io.Writer) (err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	file := filepath.Join(dir, "platform.db")
	fmt.Fprintf(stdout, "A mini program platform on %s.\n", file)
	// Why a logger: no error holds the words of the database, the log does.
	store, err := sqlite.Open(ctx, file, &sqlite.Options{Logger: slog.New(slog.NewTextHandler(stderr, nil))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	return tell(ctx, store, data, stdout, writePNG(dir))
}

// complain prints each problem on a line of its own.
func complain(w io.Writer, where string, err error) {
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	if !ok {
		fmt.Fprintf(w, "quickstart: %s: %v\n", where, err)
		return
	}
	for _, p := range invalid.Problems {
		fmt.Fprintf(w, "quickstart: %s: %s: %s\n", where, p.Field, p.Detail)
	}
}
