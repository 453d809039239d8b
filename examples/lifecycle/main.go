// Command lifecycle tells the life of a mini program, from a merchant's
// application to its removal, with the state after each step:
//
//	go run ./examples/lifecycle [-db FILE] [-data FILE]
//
// A merchant applies for a workspace and is approved; creates a mini program,
// describes it in three languages and gives it features; uploads a version, asks
// for its release and is reviewed; takes it through pilot testing and grayscale to
// everybody; rolls a second version back; and has the mini program removed. The
// platform is on a SQLite file: a temporary one, unless -db names another. Names and
// details come from lifecycle.json, which you may copy and change. It exits with 0,
// with 1 if the platform refused something, and with 2 if the arguments or the
// file are wrong.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage/sqlite"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("lifecycle", flag.ContinueOnError)
	flags.SetOutput(stderr)
	db := flags.String("db", "", "keep the platform in `FILE` instead of a temporary one")
	file := flags.String("data", "", "read names and details from `FILE` instead of the built-in lifecycle.json")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "lifecycle: unexpected argument %q: a file goes behind -db or -data\n", flags.Arg(0))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	data, err := load(*file)
	if err != nil {
		complain(stderr, cmp.Or(*file, "lifecycle.json"), err)
		return 2
	}
	if err := perform(ctx, *db, data, stdout); err != nil {
		complain(stderr, "the platform refused", err)
		return 1
	}
	return 0
}

// perform tells the story on the database in the file.
func perform(ctx context.Context, file string, data *Data, out io.Writer) (err error) {
	if file == "" {
		dir, err := os.MkdirTemp("", "lifecycle")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "platform.db")
	}
	store, err := sqlite.Open(ctx, file, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	return tell(ctx, store, data, out)
}

// complain prints each problem on a line of its own.
func complain(w io.Writer, where string, err error) {
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	if !ok {
		fmt.Fprintf(w, "lifecycle: %s: %v\n", where, err)
		return
	}
	for _, p := range invalid.Problems {
		fmt.Fprintf(w, "lifecycle: %s: %s: %s\n", where, p.Field, p.Detail)
	}
}
