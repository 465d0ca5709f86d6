package io.millrace.trainer.lineage;

import java.util.List;

/**
 * The result of a {@link LineageCheck}.
 *
 * @param lines what was checked
 * @param faults the faults found; if there are none, the lineage is proven
 */
public record LineageReport(List<String> lines, List<String> faults) {

    public LineageReport {
        lines = List.copyOf(lines);
        faults = List.copyOf(faults);
    }

    /** Whether there are no faults. */
    public boolean isProven() {
        return faults.isEmpty();
    }
}
