package io.lb4j.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The header or trailer fields of a message: an ordered list of names, in lower case, and values. Octets lie in one array and
 * positions in another, so that reading a head off the wire and writing it to the next one makes no object per field.
 *
 * <p>Mutable and confined to the event loop of its exchange. Valid until the exchange ends, for its memory is used again: keep
 * a {@linkplain #copy() copy} instead. Values are read as ISO-8859-1, so that every octet survives (RFC 9110 §5.5).
 */
// Longer than a file should be: all of it works on one layout of octets and positions, which nothing else is to know.
public final class Fields {
    private static final int INITIAL_OCTETS = 512;
    private static final int INITIAL_FIELDS = 16;
    /** The overhead that HTTP/2 and HTTP/3 count for each field (RFC 9113 §10.5.1, RFC 9114 §4.2.2). */
    private static final int OVERHEAD = 32;

    // A field takes four positions in the table: name start, name length with flags, value start, value length.
    private static final int STRIDE = 4;
    private static final int ID_SHIFT = 17;
    private static final int SENSITIVE = 1 << 16;
    private static final int NAME_LENGTH_MASK = 0xffff;

    private byte[] octets;
    private int[] table;
    private int used;
    private int count;
    private long present; // bit n is set while a field of well-known number n is there
    private int checked; // what lies in the first so many octets has been judged

    /** Creates an empty list. */
    public Fields() {
        octets = new byte[INITIAL_OCTETS];
        table = new int[INITIAL_FIELDS * STRIDE];
    }

    private Fields(Fields source) {
        octets = Arrays.copyOf(source.octets, Math.max(source.used, INITIAL_OCTETS / 8));
        table = Arrays.copyOf(source.table, Math.max(source.count, 1) * STRIDE);
        used = source.used;
        count = source.count;
        present = source.present;
    }

    /** Returns the number of fields. */
    public int size() {
        return count;
    }

    /** Returns whether there is no field. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Returns the size as HTTP/2 and HTTP/3 count it: octets of names and values plus 32 for each field. */
    public int listSize() {
        int size = count * OVERHEAD;
        for (int i = 0; i < count; i++) {
            size += nameLengthAt(i) + valueLengthAt(i);
        }
        return size;
    }

    /** Returns whether a field of this name is there. */
    public boolean contains(FieldName name) {
        return name.id() != 0 ? (present & (1L << name.id())) != 0 : indexOf(name) >= 0;
    }

    /** Returns the position of the first field of this name, or -1. */
    public int indexOf(FieldName name) {
        return indexOf(name, 0);
    }

    /** Returns the position of the first field of this name at or after a position, or -1. */
    public int indexOf(FieldName name, int from) {
        int id = name.id();
        if (id != 0 && (present & (1L << id)) == 0) {
            return -1;
        }
        for (int i = from; i < count; i++) {
            int packed = table[i * STRIDE + 1];
            if (packed >>> ID_SHIFT == id
                    && (id != 0 || name.matches(octets, table[i * STRIDE], packed & NAME_LENGTH_MASK))) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the value of the first field of this name. */
    public Optional<String> value(FieldName name) {
        int index = indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(valueAt(index));
    }

    /**
     * Returns the value of the first field of this name.
     *
     * @throws IllegalArgumentException if the name is not a token
     */
    public Optional<String> value(String name) {
        return value(FieldName.of(name));
    }

    /** Returns the values of all fields of this name, in order; immutable. */
    public List<String> values(FieldName name) {
        List<String> values = new ArrayList<>();
        for (int i = indexOf(name); i >= 0; i = indexOf(name, i + 1)) {
            values.add(valueAt(i));
        }
        return List.copyOf(values);
    }

    /**
     * Appends a field. White space around the value is removed.
     *
     * @throws IllegalArgumentException if the value holds a control character (RFC 9110 §5.5) or one above U+00FF
     */
    public Fields add(FieldName name, CharSequence value) {
        int start = 0;
        int end = value.length();
        while (start < end && Tokens.isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && Tokens.isBlank(value.charAt(end - 1))) {
            end--;
        }
        reserve(name.length() + end - start);
        int valueStart = used + name.length();
        for (int i = start; i < end; i++) {
            char c = value.charAt(i);
            if (!Tokens.isValueCharacter(c)) {
                throw new IllegalArgumentException("value of " + name + ": " + Tokens.quote(value)
                        + " (expected: visible characters, spaces and tabs)");
            }
            octets[valueStart + i - start] = (byte) c;
        }
        System.arraycopy(name.octets(), 0, octets, used, name.length());
        append(name.id(), name.length(), end - start, false);
        return this;
    }

    /**
     * Appends a field.
     *
     * @throws IllegalArgumentException if the name is not a token, or the value holds a control character
     */
    public Fields add(String name, CharSequence value) {
        return add(FieldName.of(name), value);
    }

    /**
     * Replaces all fields of this name by one.
     *
     * @throws IllegalArgumentException if the value holds a control character
     */
    public Fields set(FieldName name, CharSequence value) {
        int before = count;
        add(name, value);
        removeBefore(name, before);
        return this;
    }

    /**
     * Replaces all fields of this name by one.
     *
     * @throws IllegalArgumentException if the name is not a token, or the value holds a control character
     */
    public Fields set(String name, CharSequence value) {
        return set(FieldName.of(name), value);
    }

    /** Appends every field of another list. */
    public Fields addAll(Fields other) {
        for (int i = 0; i < other.count; i++) {
            copyAt(other, i);
        }
        return this;
    }

    /** Appends the field that stands at a position of another list. */
    public void copyAt(Fields other, int index) {
        int at = other.check(index) * STRIDE;
        int packed = other.table[at + 1];
        int nameLength = packed & NAME_LENGTH_MASK;
        int valueLength = other.table[at + 3];
        reserve(nameLength + valueLength);
        System.arraycopy(other.octets, other.table[at], octets, used, nameLength);
        System.arraycopy(other.octets, other.table[at + 2], octets, used + nameLength, valueLength);
        append(packed >>> ID_SHIFT, nameLength, valueLength, (packed & SENSITIVE) != 0);
    }

    /**
     * Removes all fields of this name.
     *
     * @return whether there was one
     */
    public boolean remove(FieldName name) {
        return contains(name) && removeBefore(name, count);
    }

    /**
     * Removes all fields of this name.
     *
     * @return whether there was one
     * @throws IllegalArgumentException if the name is not a token
     */
    public boolean remove(String name) {
        return remove(FieldName.of(name));
    }

    /** Removes the field at a position; those after it move up by one. */
    public void removeAt(int index) {
        int at = check(index) * STRIDE;
        int id = table[at + 1] >>> ID_SHIFT;
        System.arraycopy(table, at + STRIDE, table, at, (count - index - 1) * STRIDE);
        count--;
        if (id != 0) {
            refreshPresence(id);
        }
    }

    /** Notes that all fields that are here by now are fit to be sent: {@link #findUnfit()} looks at later ones only. */
    public void markFit() {
        checked = used;
    }

    /**
     * Returns the position of a field that came after {@link #markFit()} and must not be sent: its name is not a token in lower case, or its
     * value holds a control character (RFC 9110 §5.1, §5.5); -1 if there is none.
     */
    public int findUnfit() {
        for (int i = 0; i < count; i++) {
            int start = table[i * STRIDE];
            int valueStart = table[i * STRIDE + 2];
            if (start >= checked
                    && !(Tokens.isFieldName(octets, start, valueStart)
                            && Tokens.isFieldValue(octets, valueStart, valueStart + table[i * STRIDE + 3]))) {
                return i;
            }
        }
        return -1;
    }

    /** Removes every field and keeps the memory. */
    public void clear() {
        checked = 0;
        used = 0;
        count = 0;
        present = 0;
    }

    /** Returns a list of its own with the same fields. */
    public Fields copy() {
        return new Fields(this);
    }

    /** Calls back with the name and the value of each field in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < count; i++) {
            action.accept(nameAt(i), valueAt(i));
        }
    }

    /** Returns the name at a position. */
    public String nameAt(int index) {
        int at = check(index) * STRIDE;
        return text(table[at], table[at + 1] & NAME_LENGTH_MASK);
    }

    /** Returns the value at a position. */
    public String valueAt(int index) {
        int at = check(index) * STRIDE;
        return text(table[at + 2], table[at + 3]);
    }

    /** Returns whether the field at a position has this name. */
    public boolean isAt(int index, FieldName name) {
        int at = check(index) * STRIDE;
        int packed = table[at + 1];
        return packed >>> ID_SHIFT == name.id()
                && (name.id() != 0 || name.matches(octets, table[at], packed & NAME_LENGTH_MASK));
    }

    /** Returns the length in octets of the name at a position. */
    public int nameLengthAt(int index) {
        return table[check(index) * STRIDE + 1] & NAME_LENGTH_MASK;
    }

    /** Returns the length in octets of the value at a position. */
    public int valueLengthAt(int index) {
        return table[check(index) * STRIDE + 3];
    }

    /** Returns one octet of the name at a position. */
    public byte nameOctetAt(int index, int offset) {
        return octets[table[check(index) * STRIDE] + offset];
    }

    /** Returns one octet of the value at a position. */
    public byte valueOctetAt(int index, int offset) {
        return octets[table[check(index) * STRIDE + 2] + offset];
    }

    /** Returns whether the value at a position is this text; letters are compared without regard to case. */
    public boolean valueEqualsIgnoreCaseAt(int index, String expected) {
        int at = check(index) * STRIDE;
        return table[at + 3] == expected.length() && hasIgnoringCase(table[at + 2], expected);
    }

    /** Returns whether the value at a position begins with this text; letters are compared without regard to case. */
    public boolean valueStartsWithIgnoreCaseAt(int index, String prefix) {
        int at = check(index) * STRIDE;
        return table[at + 3] >= prefix.length() && hasIgnoringCase(table[at + 2], prefix);
    }

    private boolean hasIgnoringCase(int start, String expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (Character.toLowerCase((char) (octets[start + i] & 0xff)) != Character.toLowerCase(expected.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the field at a position must never enter a compression table (RFC 7541 §7.1.3, RFC 9204 §7.1.3). */
    public boolean isSensitiveAt(int index) {
        return (table[check(index) * STRIDE + 1] & SENSITIVE) != 0;
    }

    /** Appends the name at a position to a buffer. */
    public void writeNameAt(int index, ByteBuf out) {
        int at = check(index) * STRIDE;
        out.writeBytes(octets, table[at], table[at + 1] & NAME_LENGTH_MASK);
    }

    /** Appends the value at a position to a buffer. */
    public void writeValueAt(int index, ByteBuf out) {
        int at = check(index) * STRIDE;
        out.writeBytes(octets, table[at + 2], table[at + 3]);
    }

    /** Copies the value at a position into an array, from a place in it on. */
    public void copyValueAt(int index, byte[] target, int targetStart) {
        int at = check(index) * STRIDE;
        System.arraycopy(octets, table[at + 2], target, targetStart, table[at + 3]);
    }

    /** Copies the field at a position into an array, from a place in it on: the name, and right behind it the value. */
    public void copyFieldAt(int index, byte[] target, int targetStart) {
        int at = check(index) * STRIDE;
        int nameLength = table[at + 1] & NAME_LENGTH_MASK;
        // A name and its value are always stored side by side.
        System.arraycopy(octets, table[at], target, targetStart, nameLength + table[at + 3]);
    }

    /**
     * Appends a field whose octets a codec has read and found valid: the name a lower-case token, the value without control
     * characters and without white space around it. This is the codecs' way in and checks nothing.
     *
     * @param source holds name and value; copied
     * @param sensitive whether the field must never enter a compression table
     */
    public void addValidated(
            byte[] source, int nameStart, int nameLength, int valueStart, int valueLength, boolean sensitive) {
        FieldName known = FieldName.lookUp(source, nameStart, nameLength);
        reserve(nameLength + valueLength);
        System.arraycopy(source, nameStart, octets, used, nameLength);
        System.arraycopy(source, valueStart, octets, used + nameLength, valueLength);
        append(known == null ? 0 : known.id(), nameLength, valueLength, sensitive);
    }

    private String text(int start, int length) {
        return new String(octets, start, length, StandardCharsets.ISO_8859_1);
    }

    private int check(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("index: " + index + " (expected: 0.." + (count - 1) + ")");
        }
        return index;
    }

    private void reserve(int length) {
        if (used + length > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, used + length));
        }
    }

    /** Enters a field whose octets already stand behind the used ones. */
    private void append(int id, int nameLength, int valueLength, boolean sensitive) {
        if (nameLength > NAME_LENGTH_MASK) {
            throw new IllegalArgumentException(
                    "field name's length: " + nameLength + " (expected: <= " + NAME_LENGTH_MASK + ")");
        }
        int at = count * STRIDE;
        if (at == table.length) {
            table = Arrays.copyOf(table, table.length * 2);
        }
        table[at] = used;
        table[at + 1] = id << ID_SHIFT | (sensitive ? SENSITIVE : 0) | nameLength;
        table[at + 2] = used + nameLength;
        table[at + 3] = valueLength;
        used += nameLength + valueLength;
        count++;
        if (id != 0) {
            present |= 1L << id;
        }
    }

    private boolean removeBefore(FieldName name, int end) {
        int kept = 0;
        int removed = 0;
        for (int i = 0; i < count; i++) {
            if (i < end && isAt(i, name)) {
                removed++;
                continue;
            }
            if (removed > 0) {
                System.arraycopy(table, i * STRIDE, table, kept * STRIDE, STRIDE);
            }
            kept++;
        }
        count = kept;
        if (name.id() != 0) {
            refreshPresence(name.id());
        }
        return removed > 0;
    }

    private void refreshPresence(int id) {
        present &= ~(1L << id);
        for (int i = 0; i < count; i++) {
            if (table[i * STRIDE + 1] >>> ID_SHIFT == id) {
                present |= 1L << id;
                return;
            }
        }
    }

    /** Returns the fields as lines of {@code name: value}; the values of credentials are left out. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean secret = isSensitiveAt(i)
                    || isAt(i, FieldName.AUTHORIZATION)
                    || isAt(i, FieldName.PROXY_AUTHORIZATION)
                    || isAt(i, FieldName.COOKIE)
                    || isAt(i, FieldName.SET_COOKIE);
            text.append(nameAt(i))
                    .append(": ")
                    .append(secret ? "…" : valueAt(i))
                    .append('\n');
        }
        return text.toString();
    }
}
