package io.millrace.trainer.lineage;

import java.util.List;

/**
 * What a check of a lineage found.
 *
 * @param lines what was checked
 * @param faults what is not as it must be; none proves the lineage
 */
public record LineageReport(List<String> lines, List<String> faults) {

    public LineageReport {
        lines = List.copyOf(lines);
        faults = List.copyOf(faults);
    }

    /** Whether nothing is wrong. */
    public boolean isProven() {
        return faults.isEmpty();
    }
}
