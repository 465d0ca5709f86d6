package io.millrace.encoder.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive that libtorch's loader expects of a module without parameters: a zip of its text, of a version,
 * and of two pickles, here of a handful of opcodes each. Nothing is ever unpickled by us.
 */
final class TorchScriptArchive {

    private static final String FORMAT_VERSION = "10\n";
    private static final byte[] PROTOCOL = {(byte) 0x80, 2};
    private static final int GLOBAL = 'c';
    private static final int EMPTY_TUPLE = ')';
    private static final int NEW_OBJECT = 0x81;
    private static final int EMPTY_DICT = '}';
    private static final int UNICODE = 'X';
    private static final int TRUE = 0x88;
    private static final int FALSE = 0x89;
    private static final int INT = 'J';
    private static final int FLOAT = 'G';
    private static final int SET_ITEM = 's';
    private static final int BUILD = 'b';
    private static final int STOP = '.';
    private static final int EMPTY_LIST = ']';
    private static final int MARK = '(';
    private static final int APPENDS = 'e';
    private static final int TUPLE_OF_ONE = 0x85;
    private static final int REDUCE = 'R';

    private TorchScriptArchive() {}

    /** Writes an object of {@code className} with these attributes (and {@code training}) and returns the archive's bytes. */
    static byte[] of(String className, String text, Map<String, Object> attributes) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                store(zip, "kernels/version", FORMAT_VERSION.getBytes(StandardCharsets.UTF_8));
                store(zip, "kernels/data.pkl", object(className, attributes));
                store(zip, "kernels/constants.pkl", new byte[] {PROTOCOL[0], PROTOCOL[1], EMPTY_TUPLE, STOP});
                store(zip, "kernels/code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
    }

    private static byte[] object(String className, Map<String, Object> attributes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(PROTOCOL);
        out.write(GLOBAL);
        out.write(("__torch__\n" + className + "\n").getBytes(StandardCharsets.UTF_8));
        out.write(EMPTY_TUPLE);
        out.write(NEW_OBJECT);
        out.write(EMPTY_DICT);
        item(out, "training", true);
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            item(out, attribute.getKey(), attribute.getValue());
        }
        out.write(BUILD);
        out.write(STOP);
        return bytes.toByteArray();
    }

    private static void item(DataOutputStream out, String key, Object value) throws IOException {
        text(out, key);
        if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (value instanceof Integer number) {
            out.write(INT);
            out.writeInt(Integer.reverseBytes(number));
        } else if (value instanceof Double number) {
            out.write(FLOAT);
            out.writeDouble(number);
        } else if (value instanceof String string) {
            text(out, string);
        } else if (value instanceof List<?> list) {
            list(out, key, list);
        } else {
            throw new IllegalArgumentException(
                    "attribute " + key + " must be a Boolean, Integer, Double, String or a list of numbers, got "
                            + value.getClass().getName());
        }
        out.write(SET_ITEM);
    }

    /** A List[int] or List[float]: libtorch tells them apart by the function that is to build them. */
    private static void list(DataOutputStream out, String key, List<?> list) throws IOException {
        boolean whole = list.stream().allMatch(Integer.class::isInstance);
        if (!whole && !list.stream().allMatch(Double.class::isInstance)) {
            throw new IllegalArgumentException(
                    "attribute " + key + " must hold Integers or Doubles alone, got " + list);
        }
        out.write(GLOBAL);
        out.write(
                ("torch.jit._pickle\nbuild_" + (whole ? "int" : "double") + "list\n").getBytes(StandardCharsets.UTF_8));
        out.write(EMPTY_LIST);
        out.write(MARK);
        for (Object number : list) {
            if (number instanceof Integer integer) {
                out.write(INT);
                out.writeInt(Integer.reverseBytes(integer));
            } else {
                out.write(FLOAT);
                out.writeDouble((Double) number);
            }
        }
        out.write(APPENDS);
        out.write(TUPLE_OF_ONE);
        out.write(REDUCE);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write(UNICODE);
        out.writeInt(Integer.reverseBytes(utf8.length));
        out.write(utf8);
    }

    /** libtorch's zip reader takes stored entries only. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
