"""Reading files of households that other software wrote: what is declared of them, and what they then say."""
