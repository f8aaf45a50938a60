"""Ion transport in glassy electrolytes: LAMMPS cells, quenches and isotherms, analysed and drawn with error bars."""

__version__ = "0.1.0"
