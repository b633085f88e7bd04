package filestore

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

const sampleProject = "32b6e34b3d91647abb20e7b8"

// image is the content of a database file.
type image struct {
	data     []byte
	pageSize int
}

// sample returns a store of n integrations with texts of a size. Equal arguments give equal bytes: bbolt's default free
// list chooses pages at random, and so does a transaction that changes several buckets.
func sample(t testing.TB, pageSize, n, text int) image {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, FreelistType: bbolt.FreelistArrayType, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range [][]byte{aboutBucket, integrationsBucket, textsBucket} {
		inBucket(t, db, name, func(*bbolt.Bucket) error { return nil })
	}
	inBucket(t, db, aboutBucket, func(b *bbolt.Bucket) error { return b.Put(formatKey, []byte(record.Format)) })
	for i := range n {
		in := store.Integration{Type: fmt.Sprintf("TYPE%04d", i), ID: "65f0c1d2e3a4b5c6d7e8f900", Fields: map[string]any{"text": strings.Repeat("x", text)}}
		value, err := record.Encode(sampleProject, in)
		if err != nil {
			t.Fatal(err)
		}
		inBucket(t, db, integrationsBucket, func(b *bbolt.Bucket) error { return b.Put(keyOf(sampleProject, in.Type), []byte(value)) })
	}
	inBucket(t, db, integrationsBucket, func(b *bbolt.Bucket) error { return b.Delete(keyOf(sampleProject, "TYPE0003")) })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return image{data, pageSize}
}

func inBucket(t testing.TB, db *bbolt.DB, name []byte, change func(*bbolt.Bucket) error) {
	t.Helper()
	if err := db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(name)
		return errors.Join(err, change(b))
	}); err != nil {
		t.Fatal(err)
	}
}

func (i image) check() error {
	return checkStructure(bytes.NewReader(i.data), int64(len(i.data)), int64(i.pageSize))
}

func (i image) clone() image { return image{bytes.Clone(i.data), i.pageSize} }

// meta returns the current meta page; currentMeta has its own tests.
func (i image) meta() meta {
	m, err := currentMeta(bytes.NewReader(i.data), int64(i.pageSize))
	if err != nil {
		panic(err)
	}
	return m
}

func (i image) page(id uint64) page {
	start := int(id) * i.pageSize
	overflow := int(native.Uint32(i.data[start+12:]))
	return parse(i.data[start : start+(1+overflow)*i.pageSize])
}

// value returns the value of a key of the root bucket.
func (i image) value(name []byte) []byte {
	elements, _ := i.page(i.meta().root).elements()
	for _, e := range elements {
		if bytes.Equal(e.key, name) {
			return e.value
		}
	}
	panic("no " + string(name))
}

// top is the root page of the integrations, a branch page.
func (i image) top() page { return i.page(native.Uint64(i.value(integrationsBucket))) }

// child is a child of a branch page.
func (i image) child(p page, n int) page { return i.page(native.Uint64(p.at(n)[8:])) }

// leaf is the first leaf page of the integrations.
func (i image) leaf() page {
	p := i.top()
	for p.flags == branchPage {
		p = i.child(p, 0)
	}
	return p
}

func (i image) free() page { return i.page(i.meta().freeList) }

// inline is the page of the bucket with the format.
func (i image) inline() page { return parse(i.value(aboutBucket)[bucketSize:]) }

// at returns the element at an index.
func (p page) at(n int) []byte { return p.data[headerSize+elementSize*n:] }

// setMeta changes a number of the current meta page and its checksum.
func (i image) setMeta(offset int, value uint64) {
	start := int(i.meta().tx%2)*i.pageSize + headerSize
	native.PutUint64(i.data[start+offset:], value)
	sum := fnv.New64a()
	_, _ = sum.Write(i.data[start : start+metaSize-8])
	native.PutUint64(i.data[start+metaSize-8:], sum.Sum64())
}

var set16, set32, set64 = native.PutUint16, native.PutUint32, native.PutUint64

// damages are changes of a sound file.
var damages = map[string]func(i image){
	"a branch page is its own child":        func(i image) { set64(i.top().at(0)[8:], i.top().id) },
	"a branch page has its parent as child": func(i image) { set64(i.child(i.top(), 0).at(1)[8:], i.top().id) },
	"a page is a child twice":               func(i image) { set64(i.top().at(1)[8:], i.child(i.top(), 0).id) },
	"a child is the root page":              func(i image) { set64(i.top().at(0)[8:], i.meta().root) },
	"a child is a meta page":                func(i image) { set64(i.top().at(0)[8:], 1) },
	"a child is the free list":              func(i image) { set64(i.top().at(0)[8:], i.meta().freeList) },
	"a child is beyond the end":             func(i image) { set64(i.top().at(0)[8:], i.meta().pages) },
	"a child is far beyond the end":         func(i image) { set64(i.top().at(0)[8:], 1<<63) },
	"a branch page without children":        func(i image) { set16(i.top().data[10:], 0) },
	"a branch page with a child fewer":      func(i image) { set16(i.top().data[10:], i.top().count-1) },
	"an unexpected page id":                 func(i image) { set64(i.leaf().data, i.leaf().id+1) },
	"an unknown page type":                  func(i image) { set16(i.leaf().data[8:], 3) },
	"a leaf page that is marked as branch":  func(i image) { set16(i.leaf().data[8:], branchPage) },
	"a branch page that is marked as leaf":  func(i image) { set16(i.top().data[8:], leafPage) },
	"overflow over pages in use":            func(i image) { set32(i.leaf().data[12:], 1) },
	"overflow beyond the end":               func(i image) { set32(i.leaf().data[12:], 1<<32-1) },
	"more elements than fit":                func(i image) { set16(i.leaf().data[10:], 65000); set32(i.leaf().at(0)[4:], 65000*elementSize) },
	"a key beyond the page":                 func(i image) { set32(i.leaf().at(int(i.leaf().count) - 1)[8:], 1<<31) },
	"a value beyond the page":               func(i image) { set32(i.leaf().at(int(i.leaf().count) - 1)[12:], 0x73000010) },
	"a key without bytes":                   emptyKey,
	"values that overlap":                   func(i image) { set32(i.leaf().at(1)[4:], native.Uint32(i.leaf().at(1)[4:])-1) },
	"a value that is longer than its room":  func(i image) { set32(i.leaf().at(0)[12:], native.Uint32(i.leaf().at(0)[12:])+1) },
	"keys of a leaf page in disorder":       func(i image) { i.setKey(i.leaf(), 0, '~') },
	"equal keys in a leaf page":             equalKeys,
	"keys of a branch page in disorder":     func(i image) { i.setKey(i.top(), 1, '\x00') },
	"a key before those of the page":        func(i image) { i.setKey(i.child(i.child(i.top(), 1), 0), 0, '\x00') },
	"a key before those of the branch page": func(i image) { i.setKey(i.child(i.top(), 1), 0, '\x00') },
	"a key after those of the parent page": func(i image) {
		p := i.child(i.top(), 0)
		p = i.child(p, int(p.count)-1)
		i.setKey(p, int(p.count)-1, '~')
	},
	"a key of the next page":                 nextKey,
	"a key after those of the page":          func(i image) { i.setKey(i.leaf(), int(i.leaf().count)-1, '~') },
	"a key after those of the branch page":   func(i image) { p := i.child(i.top(), 0); i.setKey(p, int(p.count)-1, '~') },
	"an unknown element flag":                func(i image) { set32(i.leaf().at(0), 2) },
	"a record that is marked as bucket":      func(i image) { set32(i.leaf().at(0), bucketElement) },
	"a bucket that is marked as record":      func(i image) { set32(i.bucketElement(integrationsBucket), 0) },
	"a bucket with the root page of another": func(i image) { set64(i.value(integrationsBucket), i.meta().root) },
	"a bucket with a root page and a page":   func(i image) { set64(i.value(aboutBucket), i.top().id) },
	"a bucket on a meta page":                func(i image) { set64(i.value(integrationsBucket), 0) },
	"an inline page of another type":         func(i image) { set16(i.inline().data[8:], freeListPage) },
	"an inline page with an id":              func(i image) { set64(i.inline().data, i.top().id) },
	"an inline page with overflow":           func(i image) { set32(i.inline().data[12:], 1) },
	"an inline page with too many elements":  func(i image) { set16(i.inline().data[10:], 9) },
	"a bucket without room for its header":   shortBucket(8),
	"a bucket without room for its page":     shortBucket(bucketSize + 8),
	"a free list of another type":            func(i image) { set16(i.free().data[8:], leafPage) },
	"a free list that is longer than a page": func(i image) { set16(i.free().data[10:], 1000) },
	"a free list of 2^60 pages":              func(i image) { set16(i.free().data[10:], manyFree); set64(i.free().data[16:], 1<<60) },
	"a free list of 2^63 pages":              func(i image) { set16(i.free().data[10:], manyFree); set64(i.free().data[16:], 1<<63) },
	"a free page in use":                     func(i image) { i.addFree(i.top().id) },
	"a page that is free twice":              func(i image) { i.addFree(native.Uint64(i.free().data[16:])) },
	"a free meta page":                       func(i image) { i.addFree(1) },
	"a free page beyond the end":             func(i image) { i.addFree(i.meta().pages) },
	"a page that is neither used nor free":   func(i image) { set16(i.free().data[10:], i.free().count-1) },
	"a root page 0":                          func(i image) { i.setMeta(16, 0) },
	"a root page beyond the end":             func(i image) { i.setMeta(16, 1<<40) },
	"a free list on the root page":           func(i image) { i.setMeta(32, i.meta().root) },
	"a free list beyond the end":             func(i image) { i.setMeta(32, 1<<40) },
	"more pages than the file has":           func(i image) { i.setMeta(40, uint64(len(i.data)/i.pageSize)+1) },
	"a page":                                 func(i image) { i.setMeta(40, 1) },
	"2^63 pages":                             func(i image) { i.setMeta(40, 1<<63) },
	"no sound meta page":                     func(i image) { i.data[headerSize+16]++; i.data[i.pageSize+headerSize+16]++ },
}

// Each kind of damage is found.
func TestDamagedStructure(t *testing.T) {
	sound := sample(t, minPageSize, 300, 64)
	if err := sound.check(); err != nil || sound.child(sound.top(), 0).flags != branchPage {
		t.Fatalf("the sample is not sound, or its tree too low: %v", err)
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			i := sound.clone()
			damage(i)
			if bytes.Equal(i.data, sound.data) {
				t.Fatal("nothing was damaged")
			}
			if err := i.check(); !errors.Is(err, errDamaged) {
				t.Errorf("got %v", err)
			}
			path := filepath.Join(t.TempDir(), "damaged")
			if err := os.WriteFile(path, i.data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			if err == nil || !strings.Contains(err.Error(), path+" is damaged; restore a copy") {
				t.Errorf("the file was opened: %v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, i.data) {
				t.Error("the file was changed")
			}
		})
	}
}

// addFree adds a page to the free list.
func (i image) addFree(id uint64) {
	set64(i.free().data[headerSize+idSize*int(i.free().count):], id)
	set16(i.free().data[10:], i.free().count+1)
}

// emptyKey gives the bytes of a key to its value.
func emptyKey(i image) {
	e := i.inline().at(0) // of a page without a lower bound
	native.PutUint32(e[12:], native.Uint32(e[12:])+native.Uint32(e[8:]))
	native.PutUint32(e[8:], 0)
}

func equalKeys(i image) {
	elements, _ := i.leaf().elements()
	copy(elements[1].key, elements[0].key)
}

// nextKey gives the last key of a page the first key of the next page.
func nextKey(i image) {
	keys, _ := i.child(i.top(), 0).elements()
	elements, _ := i.leaf().elements()
	copy(elements[len(elements)-1].key, keys[1].key)
}

// setKey changes the first byte of a key.
func (i image) setKey(p page, n int, first byte) {
	elements, _ := p.elements()
	elements[n].key[0] = first
}

// bucketElement returns the element of a bucket in the root page.
func (i image) bucketElement(name []byte) []byte {
	root := i.page(i.meta().root)
	elements, _ := root.elements()
	for n, e := range elements {
		if bytes.Equal(e.key, name) {
			return root.at(n)
		}
	}
	panic("no " + string(name))
}

// shortBucket shortens the value of the last bucket of the root page.
func shortBucket(size uint32) func(image) {
	return func(i image) { native.PutUint32(i.bucketElement(textsBucket)[12:], size) }
}

// The meta page is the one that bbolt uses.
func TestCurrentMeta(t *testing.T) {
	sound := sample(t, minPageSize, 3, 8)
	last := sound.meta().tx
	for name, tc := range map[string]struct {
		offset int
		value  uint64
		want   uint64
	}{
		"the later one":   {8, 0, last},
		"another program": {0, version << 32, last - 1},
		"another format":  {0, magic | (version+1)<<32, last - 1},
	} {
		i := sound.clone()
		i.setMeta(tc.offset, tc.value)
		if got := i.meta().tx; got != tc.want {
			t.Errorf("%s: transaction %d, want %d", name, got, tc.want)
		}
	}
	i := sound.clone()
	i.data[int(last%2)*i.pageSize+headerSize+metaSize-1]++
	if got := i.meta().tx; got != last-1 {
		t.Errorf("a wrong checksum: transaction %d", got)
	}
}

func TestClaim(t *testing.T) {
	for _, tc := range []struct {
		first, n uint64
		want     bool
	}{
		{2, 8, true}, {2, 0, true}, {9, 1, true}, {10, 0, true},
		{9, 2, false}, {10, 1, false}, {1, 1, false}, {2, 1 << 32, false}, {1<<64 - 1, 1, false}, {9, 1<<64 - 9, false},
	} {
		s := newStructure(nil, minPageSize, meta{pages: 10})
		if got := s.claim(tc.first, tc.n); got != tc.want || tc.want && tc.n > 0 && s.claim(tc.first+tc.n-1, 1) {
			t.Errorf("claim %d pages from %d: %v", tc.n, tc.first, got)
		}
	}
}

// A free list that fills its page may not have another entry.
func TestFullFreeList(t *testing.T) {
	const most = (minPageSize - headerSize) / idSize
	for count, want := range map[uint16]error{most: nil, most + 1: errDamaged} {
		data := make([]byte, 3*minPageSize)
		p := data[2*minPageSize:]
		set64(p, 2)
		set16(p[8:], freeListPage)
		set16(p[10:], count)
		for n := range most {
			set64(p[headerSize+idSize*n:], uint64(3+n))
		}
		s := newStructure(bytes.NewReader(data), minPageSize, meta{pages: 3 + most})
		if err := s.free(2); !errors.Is(err, want) {
			t.Errorf("%d pages: %v", count, err)
		}
	}
}

// The depth of pages and buckets is limited.
func TestDepth(t *testing.T) {
	value := make([]byte, bucketSize+headerSize)
	for range maxDepth + 2 {
		native.PutUint16(value[bucketSize+8:], leafPage)
		outer := make([]byte, bucketSize+headerSize+elementSize, bucketSize+headerSize+elementSize+1+len(value))
		native.PutUint16(outer[bucketSize+10:], 1)
		for n, v := range []uint32{bucketElement, elementSize, 1, uint32(len(value))} {
			native.PutUint32(outer[bucketSize+headerSize+4*n:], v)
		}
		value = append(append(outer, 'k'), value...)
	}
	native.PutUint16(value[bucketSize+8:], leafPage)
	if err := (&structure{}).bucket(value, 0); !errors.Is(err, errDamaged) {
		t.Errorf("buckets: %v", err)
	}
	inner := value[3*(bucketSize+headerSize+elementSize+1):]
	if err := (&structure{}).bucket(inner, 0); err != nil {
		t.Errorf("buckets at the limit: %v", err)
	}
	i := sample(t, minPageSize, 300, 64)
	s := newStructure(bytes.NewReader(i.data), minPageSize, i.meta())
	if err := s.tree(i.top().id, nil, nil, maxDepth); !errors.Is(err, errDamaged) {
		t.Errorf("pages: %v", err)
	}
}

// TestOnlyChild: a branch page with one child is damage. If that child becomes empty, bbolt empties the branch page
// too, and can't read the file any more.
func TestOnlyChild(t *testing.T) {
	i := sample(t, minPageSize, 3, 8)
	p := page{flags: branchPage, count: 1, data: make([]byte, headerSize+elementSize+1)}
	native.PutUint32(p.at(0), elementSize)
	native.PutUint32(p.at(0)[4:], 1)
	native.PutUint64(p.at(0)[8:], i.meta().root)
	if _, sound := p.elements(); !sound {
		t.Fatal("the page is damaged")
	}
	s := newStructure(bytes.NewReader(i.data), minPageSize, i.meta())
	if err := s.branch(p, nil, nil, 0); !errors.Is(err, errDamaged) {
		t.Errorf("got %v", err)
	}
}

// An error of the disk is not reported as damage of the file.
func TestStructureReadError(t *testing.T) {
	i := sample(t, minPageSize, 300, 64)
	failed := errors.New("input/output error")
	for left := range 40 {
		reader := &failing{bytes.NewReader(i.data), left, failed}
		if err := checkStructure(reader, int64(len(i.data)), minPageSize); !errors.Is(err, failed) {
			t.Errorf("after %d reads: %v", left, err)
		}
	}
	if err := checkStructure(bytes.NewReader(i.data), int64(len(i.data)), 0); !errors.Is(err, errDamaged) {
		t.Errorf("a page size of 0: %v", err)
	}
}

// failing reads until it fails.
type failing struct {
	io.ReaderAt
	left int
	err  error
}

func (f *failing) ReadAt(data []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(data, at)
}

// Every file that bbolt writes is undamaged.
func TestUndamagedStructure(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, seed))
			path := filepath.Join(t.TempDir(), "sound")
			pageSize := minPageSize << (seed % 3)
			db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, FreelistType: bbolt.FreelistMapType, NoSync: true, NoFreelistSync: seed == 5})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			for step := range 60 {
				if err := db.Update(func(tx *bbolt.Tx) error { return mix(tx, random) }); err != nil {
					t.Fatal(err)
				}
				if err := checkStructure(file, 1<<40, int64(pageSize)); err != nil {
					t.Fatalf("step %d: %v", step, err)
				}
			}
		})
	}
}

// mix makes random changes: keys and values of all sizes, buckets in buckets, and more deleted than written every other
// time.
func mix(tx *bbolt.Tx, random *rand.Rand) error {
	b, err := tx.CreateBucketIfNotExists([]byte{'a' + byte(random.IntN(3))})
	if err == nil && random.IntN(3) == 0 {
		b, err = b.CreateBucketIfNotExists([]byte("a bucket"))
	}
	if random.IntN(20) == 0 {
		err = errors.Join(err, tx.DeleteBucket([]byte{'a'}))
		b, _ = tx.CreateBucketIfNotExists([]byte{'a'})
	}
	sizes, deletes := []int{1, 30, 400, 9000}, random.IntN(2)
	for range random.IntN(120) {
		key := fmt.Appendf(nil, "%0*d", 1+random.IntN(40), random.IntN(300))
		if random.IntN(3) <= deletes {
			err = errors.Join(err, b.Delete(key))
		} else {
			err = errors.Join(err, b.Put(key, make([]byte, random.IntN(sizes[random.IntN(len(sizes))]))))
		}
	}
	return err
}

// A crash in the middle of a commit leaves some of its pages written, and perhaps half a meta page. The file opens as
// it was before.
func TestStructureAfterCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	before := sample(t, minPageSize, 300, 64)
	if err := os.WriteFile(path, before.data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	inBucket(t, db, integrationsBucket, func(b *bbolt.Bucket) error {
		return errors.Join(b.Delete(keyOf(sampleProject, "TYPE0042")), b.Put(keyOf(sampleProject, "BIG"), make([]byte, 9*minPageSize)))
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(50) {
		i := crash(before, after, rand.New(rand.NewPCG(seed, seed)))
		if err := os.WriteFile(path, i.data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		list, err := s.List(t.Context(), sampleProject)
		if err := errors.Join(err, s.Close()); err != nil || len(list) != 299 {
			t.Errorf("seed %d: %d integrations, %v", seed, len(list), err)
		}
	}
}

// crash returns a file of which some pages were written, and a part of the new meta page.
func crash(before image, after []byte, random *rand.Rand) image {
	i := image{make([]byte, len(after)), before.pageSize}
	copy(i.data, before.data)
	for start := 2 * i.pageSize; start+i.pageSize <= len(after); start += i.pageSize {
		if random.IntN(2) == 0 {
			copy(i.data[start:start+i.pageSize], after[start:])
		}
	}
	torn := int(1-before.meta().tx%2) * i.pageSize
	copy(i.data[torn:], after[torn:torn+random.IntN(headerSize+metaSize)])
	return i
}
