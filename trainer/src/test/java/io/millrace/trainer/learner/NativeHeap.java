package io.millrace.trainer.learner;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** What this process has allocated with malloc and not freed, by glibc's own account (2.33 or newer). */
interface NativeHeap extends Library {

    NativeHeap GLIBC = Native.load("c", NativeHeap.class);

    /** glibc's name for it. */
    Allocated mallinfo2();

    /** Whether there is such an account here. */
    static boolean isKnown() {
        try {
            return NativeLibrary.getInstance("c").getFunction("mallinfo2") != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** In KiB. */
    static long inUse() {
        Allocated now = GLIBC.mallinfo2();
        return (now.uordblks + now.hblkhd) / 1024;
    }

    /** glibc's {@code struct mallinfo2}, field by field. */
    @FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    final class Allocated extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        /** Bytes in blocks of their own. */
        public long hblkhd;

        public long usmblks;
        public long fsmblks;
        /** Bytes in use elsewhere. */
        public long uordblks;

        public long fordblks;
        public long keepcost;
    }
}
