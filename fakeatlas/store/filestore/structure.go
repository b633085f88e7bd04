package filestore

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"io"
	"slices"
)

// The page format of bbolt, version 2 (internal/common in its source). Numbers are in the byte order of the machine
// that wrote the file.
const (
	headerSize  = 16 // id, flags, count, overflow
	elementSize = 16 // of a branch: pos, key size, child; of a leaf: flags, pos, key size, value size
	bucketSize  = 16 // root page, sequence
	metaSize    = 64 // with the checksum, which is the last 8 bytes
	idSize      = 8

	branchPage   = 0x01
	leafPage     = 0x02
	freeListPage = 0x10

	bucketElement = 0x01       // the flag of a leaf element that is a bucket
	manyFree      = 0xFFFF     // the count of a free list whose first number is the count
	noFreeList    = ^uint64(0) // the page of a free list that was not written

	magic       = 0xED0CDAED
	version     = 2
	minPageSize = 1024
	maxDepth    = 1000 // of pages and buckets; a tree of sound pages has at most 64 levels
)

var native = binary.NativeEndian

// meta has the fields of a meta page.
type meta struct {
	root, freeList uint64 // page ids
	pages          uint64 // the high-water mark: ids are below it
	tx             uint64
}

// page is a page with its overflow pages, or the page of an inline bucket.
type page struct {
	id       uint64
	flags    uint16
	count    uint16
	overflow uint32
	data     []byte // with the header
}

// element is an element of a leaf or branch page.
type element struct {
	flags      uint32 // of a leaf
	child      uint64 // of a branch: a page id
	key, value []byte
}

// structure is the state of a check. Each page may be reached once, so that the check ends.
type structure struct {
	file     io.ReaderAt
	pageSize int64
	reached  []bool // by page id
}

// checkStructure returns errDamaged unless bbolt can use all pages of the file safely. bbolt trusts the ids, sizes and
// counts in pages: a cycle of pages makes it loop for ever, and a wrong size makes it allocate gigabytes. The caller
// has locked the file, and bbolt has found a sound meta page in it.
//
// The check reads each page in use once. Its memory is proportional to the size of the file.
func checkStructure(file io.ReaderAt, size, pageSize int64) error {
	if pageSize < minPageSize {
		return errDamaged
	}
	m, err := currentMeta(file, pageSize)
	if err != nil {
		return err
	}
	if m.pages < 2 || m.pages > uint64(size/pageSize) {
		return errDamaged
	}
	s := newStructure(file, pageSize, m)
	if err := s.tree(m.root, nil, nil, 0); err != nil || m.freeList == noFreeList {
		return err
	}
	if err := s.free(m.freeList); err != nil {
		return err
	}
	if slices.Contains(s.reached, false) {
		return errDamaged // bbolt leaves no page out
	}
	return nil
}

func newStructure(file io.ReaderAt, pageSize int64, m meta) *structure {
	s := &structure{file: file, pageSize: pageSize, reached: make([]bool, m.pages)}
	s.reached[0], s.reached[1] = true, true // the meta pages
	return s
}

// currentMeta returns the meta page that bbolt uses: of the sound ones, that of the later transaction. A crash can
// leave the other one half written.
func currentMeta(file io.ReaderAt, pageSize int64) (meta, error) {
	var current *meta
	for id := range int64(2) {
		data := make([]byte, metaSize)
		if _, err := file.ReadAt(data, id*pageSize+headerSize); err != nil {
			return meta{}, err
		}
		m := meta{root: native.Uint64(data[16:]), freeList: native.Uint64(data[32:]), pages: native.Uint64(data[40:]),
			tx: native.Uint64(data[48:])}
		if isMeta(data) && (current == nil || m.tx > current.tx) {
			current = &m
		}
	}
	if current == nil {
		return meta{}, errDamaged
	}
	return *current, nil
}

func isMeta(data []byte) bool {
	sum := fnv.New64a()
	_, _ = sum.Write(data[:metaSize-8])
	return native.Uint32(data) == magic && native.Uint32(data[4:]) == version && native.Uint64(data[metaSize-8:]) == sum.Sum64()
}

// claim marks n pages as reached. It reports whether all exist and none was reached before.
func (s *structure) claim(first, n uint64) bool {
	pages := uint64(len(s.reached))
	if n > pages || first > pages-n {
		return false
	}
	for id := first; id < first+n; id++ {
		if s.reached[id] {
			return false
		}
		s.reached[id] = true
	}
	return true
}

// read claims a page and its overflow pages and returns them.
func (s *structure) read(id uint64) (page, error) {
	if !s.claim(id, 1) {
		return page{}, errDamaged
	}
	start := int64(id) * s.pageSize
	data := make([]byte, s.pageSize)
	if _, err := s.file.ReadAt(data, start); err != nil {
		return page{}, err
	}
	p := parse(data)
	if p.id != id || !s.claim(id+1, uint64(p.overflow)) {
		return page{}, errDamaged
	}
	if p.overflow == 0 {
		return p, nil
	}
	p.data = make([]byte, (int64(p.overflow)+1)*s.pageSize)
	_, err := s.file.ReadAt(p.data, start)
	return p, err
}

func parse(data []byte) page {
	return page{
		id: native.Uint64(data), flags: native.Uint16(data[8:]), count: native.Uint16(data[10:]), overflow: native.Uint32(data[12:]),
		data: data,
	}
}

// tree checks a page and all below it. Keys are from low, inclusive, to high, exclusive; nil is no bound.
func (s *structure) tree(id uint64, low, high []byte, depth int) error {
	if depth > maxDepth {
		return errDamaged
	}
	p, err := s.read(id)
	switch {
	case err != nil:
		return err
	case p.flags == branchPage:
		return s.branch(p, low, high, depth)
	case p.flags == leafPage:
		return s.leaf(p, low, high, depth)
	}
	return errDamaged
}

func (s *structure) branch(p page, low, high []byte, depth int) error {
	elements, sound := p.elements()
	if !sound || len(elements) < 2 || !inOrder(elements, low, high) {
		return errDamaged
	}
	for i, e := range elements {
		next := high
		if i+1 < len(elements) {
			next = elements[i+1].key
		}
		if err := s.tree(e.child, e.key, next, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *structure) leaf(p page, low, high []byte, depth int) error {
	elements, sound := p.elements()
	if !sound || !inOrder(elements, low, high) {
		return errDamaged
	}
	for _, e := range elements {
		switch e.flags {
		case 0:
		case bucketElement:
			if err := s.bucket(e.value, depth+1); err != nil {
				return err
			}
		default:
			return errDamaged
		}
	}
	return nil
}

// bucket checks the bucket in the value of a leaf element. A small bucket has no page of its own: its page follows the
// bucket's header, and its root is 0.
func (s *structure) bucket(value []byte, depth int) error {
	switch {
	case depth > maxDepth:
		return errDamaged
	case len(value) == bucketSize:
		return s.tree(native.Uint64(value), nil, nil, depth)
	case len(value) < bucketSize+headerSize || native.Uint64(value) != 0:
		return errDamaged
	}
	p := parse(value[bucketSize:])
	if p.id != 0 || p.flags != leafPage || p.overflow != 0 {
		return errDamaged
	}
	return s.leaf(p, nil, nil, depth)
}

// elements returns the elements of a page. It reports whether they are in the page as bbolt writes them: keys and
// values in the order of the elements, without gaps or overlaps.
func (p page) elements() (elements []element, sound bool) {
	size := uint64(len(p.data))
	next := headerSize + elementSize*uint64(p.count) // where the next key begins
	if next > size {
		return nil, false
	}
	elements = make([]element, 0, p.count)
	for i := range uint64(p.count) {
		start := headerSize + elementSize*i
		e, pos, keySize, valueSize := p.element(start)
		if start+pos != next || keySize == 0 || keySize+valueSize > size-next {
			return nil, false
		}
		e.key = p.data[next : next+keySize]
		e.value = p.data[next+keySize : next+keySize+valueSize]
		elements, next = append(elements, e), next+keySize+valueSize
	}
	return elements, true
}

// element returns the numbers of the element at an offset; pos is relative to it.
func (p page) element(start uint64) (e element, pos, keySize, valueSize uint64) {
	number := func(i uint64) uint64 { return uint64(native.Uint32(p.data[start+4*i:])) }
	if p.flags == branchPage {
		return element{child: native.Uint64(p.data[start+8:])}, number(0), number(1), 0
	}
	return element{flags: native.Uint32(p.data[start:])}, number(1), number(2), number(3)
}

// inOrder reports whether keys ascend from low, inclusive, to high, exclusive.
func inOrder(elements []element, low, high []byte) bool {
	for i, e := range elements {
		if i == 0 && bytes.Compare(e.key, low) < 0 || i > 0 && bytes.Compare(e.key, elements[i-1].key) <= 0 {
			return false
		}
	}
	return len(elements) == 0 || high == nil || bytes.Compare(elements[len(elements)-1].key, high) < 0
}

// free checks the free list. Its pages must not be in use.
func (s *structure) free(id uint64) error {
	p, err := s.read(id)
	if err != nil {
		return err
	}
	ids, n := p.data[headerSize:], uint64(p.count)
	if n == manyFree {
		n, ids = native.Uint64(ids), ids[idSize:]
	}
	if p.flags != freeListPage || n > uint64(len(ids)/idSize) {
		return errDamaged
	}
	for i := range n {
		if !s.claim(native.Uint64(ids[i*idSize:]), 1) {
			return errDamaged
		}
	}
	return nil
}
