package galera

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
)

// tools are the programs of the packages, and who runs them.
type tools struct {
	server, install, provider, setsid string
	// user is whom the servers run as; nil for whoever runs the test.
	user *user.User
}

// errMissing: the packages are not there.
var errMissing = errors.New("a cluster needs MariaDB, Galera and rsync: apt-get install -y mariadb-server galera-4 rsync")

// findTools finds the programs.
func findTools() (t tools, err error) {
	for name, at := range map[string]*string{
		"mariadbd": &t.server, "mariadb-install-db": &t.install, "setsid": &t.setsid, "rsync": new(string),
	} {
		found, err := exec.LookPath(name)
		if err != nil { // Only root has it in its path.
			found, err = exec.LookPath("/usr/sbin/" + name)
		}
		if err != nil {
			return t, fmt.Errorf("%w (no %s)", errMissing, name)
		}
		*at = found
	}
	for _, lib := range []string{"/usr/lib", "/usr/lib64"} {
		found, _ := filepath.Glob(lib + "/galera*/libgalera_smm.so")
		t.provider = cmp.Or(t.provider, append(found, "")[0])
	}
	if t.provider == "" {
		return t, fmt.Errorf("%w (no libgalera_smm.so)", errMissing)
	}
	if os.Geteuid() == 0 { // The server refuses to be root by accident.
		t.user, err = user.Lookup("mysql")
	}
	return t, err
}

// own gives a folder to whom the servers run as.
func (t tools) own(folder string) error {
	if t.user == nil {
		return nil
	}
	uid, err := strconv.Atoi(t.user.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(t.user.Gid)
	if err != nil {
		return err
	}
	return os.Chown(folder, uid, gid)
}

// The ports of a node: for clients, for the other nodes, and for what it has
// missed when it comes, in part or as a whole.
const (
	serverPort = iota
	groupPort
	missedPort
	fullPort
	portCount
)

// ports are the ports of a node. They are held until the node needs them.
type ports struct {
	number  [portCount]int
	release func()
}

// reserve finds free ports and holds them.
func reserve() (p ports, err error) {
	var held []net.Listener
	p.release = sync.OnceFunc(func() {
		for _, l := range held {
			l.Close()
		}
	})
	for i := range p.number {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			p.release()
			return p, err
		}
		held = append(held, l)
		p.number[i] = l.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

func (p ports) address(i int) string { return fmt.Sprint("127.0.0.1:", p.number[i]) }
