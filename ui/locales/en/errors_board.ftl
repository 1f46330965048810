error-layer-stays-here = This layer is for internal use only and is not saved as a file.
